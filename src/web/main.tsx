/** Starts the page. */
import { render } from 'preact';
import { App } from './App.tsx';
import { startPage } from './page.ts';
import { applyTheme } from './shell/theme.ts';
import { listenToKeys } from './shortcuts.ts';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/dialogs.css';

applyTheme();
startPage();
listenToKeys();
render(<App />, document.getElementById('app')!);
