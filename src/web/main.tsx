/** Starts the page. */
import { render } from 'preact';
import { App } from './App.tsx';
import { startPage } from './page.ts';
import { applyTheme } from './shell/theme.ts';
import { listenToKeys } from './shortcuts.ts';
import './styles/base.css';
import './styles/layout.css';
import './styles/buttons.css';
import './styles/players.css';
import './styles/controls.css';
import './styles/tree.css';
import './styles/messages.css';
import './styles/forcedColors.css';
import './styles/dialogs.css';

applyTheme();
startPage();
listenToKeys();
render(<App />, document.getElementById('app')!);
