/** For `in (…)`, which takes no empty list in one of the engines; no team has an empty name. */
export const namesOf = (teams: readonly string[]): readonly string[] => (teams.length > 0 ? teams : [''])
