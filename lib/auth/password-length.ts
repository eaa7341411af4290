export const PASSWORD_MIN_LENGTH = 10;
/** A bound on the work a guesser can cause, far above any passphrase. */
export const PASSWORD_MAX_LENGTH = 256;
