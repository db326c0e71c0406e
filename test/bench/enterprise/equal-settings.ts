/** What the archiver does by itself and what it is measured against does alike. */

/** Partitions of the log; one request for each is under way at most, so as many connections are busy. */
export const inFlight = 3;
/** Documents in one `_bulk`. */
export const perRequest = 1000;
/** Of one partition in one fetch. */
export const maxFetchBytes = 2 * 1024 * 1024;
