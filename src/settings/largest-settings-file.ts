/** Bytes of the largest settings file that is read or written; stands alone, for whoever loads little. */
export const LARGEST_SETTINGS_FILE = 8 * 1024 * 1024;
