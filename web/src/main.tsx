import './ui/base.css';
import { render } from 'preact';
import { App, warmUp } from './app/app';
import { takeArriving } from './app/arriving';
import { startLanguage } from './app/i18n';
import { startReports } from './app/reports';
import { startRouter } from './app/router';
import { startSession } from './app/start';
import { reopenAfterUpgrade } from './app/upgrade';

async function start(): Promise<void> {
  reopenAfterUpgrade();
  takeArriving();
  startRouter();
  warmUp();
  void startReports();
  await startLanguage();
  void startSession();
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => undefined);
}

void start();
