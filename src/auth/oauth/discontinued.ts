/** When the free tier, the only one that Qwen OAuth ever had, ended. */
export const DISCONTINUED_ON = "2026-04-15";

export const DISCONTINUED = `its free tier was discontinued on ${DISCONTINUED_ON}`;

/** What to do instead, as a hint. */
export const ALTERNATIVES = "run `qwen auth coding-plan` or `qwen auth api-key`";
