/** What the network says of the position, in one line. */
import type { Sources } from '../board/overlay.ts';

export const Outlook = (_props: Sources) => <div class="outlook" />;
