/** What an archive's own fault is, as opposed to the disk's. */
export class Unfit extends Error {}
