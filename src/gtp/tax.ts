/** KataGo's word for what points in seki are worth. */
import type { Rules } from '../../engine/types.ts';

/** Points in seki count under area scoring only. */
export const taxOf = ({ scoring }: Rules): string => (scoring === 'area' ? 'NONE' : 'SEKI');
