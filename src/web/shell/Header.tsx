/** The bar on top: what the page is, games, records, how it looks. */
import type { JSX } from 'preact';
import { copyLink, openDialog } from '../actions.ts';
import { chooseRecord, saveRecord } from '../record/files.ts';
import { store } from '../store.ts';
import { Button } from './Button.tsx';
import { nextTheme, theme, type Theme } from './theme.ts';

const THEME_NAMES: Readonly<Record<Theme, string>> = {
  system: 'Colors: as the system',
  light: 'Colors: light',
  dark: 'Colors: dark',
};

export const Header = (): JSX.Element => {
  const hasBoard = store.board.value !== undefined;
  const mayCreate = store.connection.value === 'online' && store.canWrite.value;
  return (
    <header class="header">
      <h1>hane</h1>
      <div class="header-group" role="group" aria-label="Games and records">
        <Button
          label="New game"
          icon="plus"
          text="wide"
          shortcut="N"
          isDisabled={!mayCreate}
          onClick={() => openDialog('newGame')}
        />
        <Button label="Open SGF" icon="open" text="wide" isDisabled={!mayCreate} onClick={chooseRecord} />
        <Button
          label="Save SGF"
          icon="save"
          text="wide"
          shortcut="S"
          isDisabled={!hasBoard}
          onClick={saveRecord}
        />
        <Button
          label="Copy link"
          icon="link"
          text="wide"
          shortcut="L"
          isDisabled={!hasBoard}
          onClick={() => void copyLink()}
        />
      </div>
      <div class="header-group" role="group" aria-label="Page">
        <Button label="Planes" icon="planes" shortcut="F" text="wide" onClick={() => openDialog('planes')} />
        <Button label="Recent boards" icon="clock" onClick={() => openDialog('recent')} />
        <Button
          label={THEME_NAMES[theme.value]}
          icon={theme.value}
          onClick={() => {
            theme.value = nextTheme(theme.value);
          }}
        />
        <Button label="Keys and help" icon="help" shortcut="?" onClick={() => openDialog('help')} />
      </div>
    </header>
  );
};
