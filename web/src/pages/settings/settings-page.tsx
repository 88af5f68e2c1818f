import { Page } from '../../ui/page.tsx'
import { TellMeTest } from '../reactions/tell-me-test.tsx'
import { Access } from './access.tsx'
import { Browser } from './browser.tsx'
import { Health } from './health.tsx'
import { RetentionSection } from './retention.tsx'
import { Secrets } from './secrets.tsx'
import { SettingList } from './setting-list.tsx'
import { Sources } from './sources.tsx'

export function SettingsPage() {
  return (
    <Page title="Settings">
      <Health />
      <TellMeTest />
      <RetentionSection />
      <Secrets />
      <Sources />
      <Access />
      <Browser />
      <SettingList />
    </Page>
  )
}
