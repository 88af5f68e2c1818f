import { describe } from 'node:test'
import { backtestScenarios } from './contract/backtest.ts'
import { auditScenarios } from './contract/audit.ts'
import { alarmScenarios } from './contract/alarms.ts'
import { changeScenarios } from './contract/changes.ts'
import { administrationScenarios, endpointScenarios, reactionScenarios } from './contract/configuration.ts'
import { eventScenarios } from './contract/events.ts'
import { jobScenarios } from './contract/jobs.ts'
import { eventListScenarios, runListScenarios } from './contract/lists.ts'
import { claimScenarios, reactScenarios, runScenarios } from './contract/runs.ts'
import { listenerScenarios } from './contract/listeners.ts'
import { runMachineScenarios } from './contract/run-machine.ts'
import { peopleScenarios } from './contract/people.ts'
import { sealedScenarios } from './contract/sealed.ts'
import { secretScenarios } from './contract/secrets.ts'
import { shareScenarios } from './contract/shares.ts'
import { sourceScenarios } from './contract/sources.ts'
import { statisticScenarios } from './contract/statistics.ts'
import { retentionScenarios } from './contract/retention.ts'
import { viewScenarios } from './contract/views.ts'
import { type OpenStore, scenarioOn } from './contract/store.ts'

/** What every engine promises behind the port. Each test opens a store of its own. */
export function testStorage({ name, open }: { name: string; open: OpenStore }): void {
  describe(name, () => {
    const scenario = scenarioOn(open)
    eventScenarios(scenario, open)
    reactScenarios(scenario)
    claimScenarios(scenario)
    runScenarios(scenario)
    endpointScenarios(scenario)
    reactionScenarios(scenario)
    administrationScenarios(scenario)
    eventListScenarios(scenario)
    runListScenarios(scenario)
    backtestScenarios(scenario)
    changeScenarios(scenario)
    runMachineScenarios(scenario)
    statisticScenarios(scenario)
    jobScenarios(scenario)
    retentionScenarios(scenario)
    alarmScenarios(scenario)
    listenerScenarios(scenario)
    viewScenarios(scenario)
    shareScenarios(scenario)
    sourceScenarios(scenario)
    peopleScenarios(scenario)
    secretScenarios(scenario)
    sealedScenarios(scenario)
    auditScenarios(scenario)
  })
}
