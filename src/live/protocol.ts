export const maxMessageBytes = 16 * 1024

/** Close codes of RFC 6455, section 7.4.1, and of its registry at IANA. */
export const closeCodes = { goingAway: 1001, policy: 1008, internal: 1011, tryLater: 1013 } as const
