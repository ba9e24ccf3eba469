/** Starts the page. */
import { render } from 'preact';

render(<p>hane</p>, document.getElementById('app')!);
