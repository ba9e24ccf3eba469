/** Names of boards: random, since who knows a board's name may look at it. */
import { randomBytes } from 'node:crypto';

/** 128 bits: nobody guesses one. */
const BYTES = 16;

/** What {@link newId} makes, and nothing that could be a path. */
export const ID: RegExp = /^[A-Za-z0-9_-]{22}$/;

/** 22 letters, digits, "-" and "_". */
export const newId = (): string => randomBytes(BYTES).toString('base64url');
