/** The page: board in the middle, game to the left, what hane sees to the right; below each other on a phone. */
import type { JSX } from 'preact';
import { closeDialog } from './actions.ts';
import { OverlayToggles } from './analysis/OverlayToggles.tsx';
import { PlanesViewer } from './analysis/PlanesViewer.tsx';
import { Controls } from './game/Controls.tsx';
import { GameInfo } from './game/GameInfo.tsx';
import { Insight } from './Insight.tsx';
import { Navigation } from './game/Navigation.tsx';
import { NewGameDialog } from './game/NewGameDialog.tsx';
import { Players } from './game/Players.tsx';
import { PlayersDialog } from './game/PlayersDialog.tsx';
import { ResignDialog } from './game/ResignDialog.tsx';
import { Stage } from './game/Stage.tsx';
import { StatusBar } from './game/StatusBar.tsx';
import { DropTarget } from './record/DropTarget.tsx';
import { RecentDialog } from './record/RecentDialog.tsx';
import { Announcer } from './shell/Announcer.tsx';
import { Dialog } from './shell/Dialog.tsx';
import { Header } from './shell/Header.tsx';
import { HelpDialog } from './shell/HelpDialog.tsx';
import { Toasts } from './shell/Toasts.tsx';
import { TokenDialog } from './shell/TokenDialog.tsx';
import { store, type DialogName } from './store.ts';
import { MoveTree } from './tree/MoveTree.tsx';
import { RemoveDialog } from './tree/RemoveDialog.tsx';

export const App = (): JSX.Element => (
  <>
    <Header />
    <div class="layout">
      <div class="side">
        <Players />
        <Controls />
        <Tools />
        <GameInfo />
      </div>
      <StatusBar />
      <Stage />
      <div class="right">
        <Insight />
        <MoveTree />
      </div>
      <Navigation />
    </div>
    <OpenDialog />
    <DropTarget />
    <Toasts />
    <Announcer />
  </>
);

const Tools = (): JSX.Element => (
  <section class="tools" aria-label="Heat map">
    <OverlayToggles
      analysis={store.analysis.value}
      mode={store.board.value?.analysis ?? 'policy'}
      outputs={store.outputs.value}
      overlay={store.overlay.value}
      showNumbers={store.showNumbers.value}
      onOverlay={overlay => {
        store.overlay.value = overlay;
      }}
      onShowNumbers={showNumbers => {
        store.showNumbers.value = showNumbers;
      }}
    />
  </section>
);

const PlanesDialog = (): JSX.Element => (
  <Dialog title="What the network sees" size="wide" onClose={closeDialog}>
    <PlanesViewer game={store.game.value} />
  </Dialog>
);

const DIALOGS: Readonly<Record<DialogName, () => JSX.Element>> = {
  newGame: NewGameDialog,
  players: PlayersDialog,
  resign: ResignDialog,
  remove: RemoveDialog,
  help: HelpDialog,
  planes: PlanesDialog,
  recent: RecentDialog,
  token: TokenDialog,
};

const OpenDialog = (): JSX.Element | null => {
  const name = store.dialog.value;
  if (name === undefined) return null;
  const Shown = DIALOGS[name];
  return <Shown />;
};
