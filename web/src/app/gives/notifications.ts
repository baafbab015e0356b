// What the routes of the module notifications give.
import type { Rows } from './rows';

export interface Notifications {
  /** null: this city has no push. */
  push_key: string | null;
  mail: 'none' | 'ok' | 'problem';
  shared: boolean;
  devices: number;
  this_device: number | null;
}

export type MailChoice = 'always' | 'else' | 'never';

export interface Topic {
  topic: string;
  choosable: boolean;
  push: boolean;
  mail: MailChoice;
}

export interface PushDevice {
  id: number;
  system: string | null;
  browser: string | null;
  made_at: string;
  delivered_at: string | null;
  is_this: boolean;
}

export interface NotificationGives {
  'GET /api/account/notifications': Notifications;
  'GET /api/account/notifications/topics': Rows<Topic>;
  'PUT /api/account/notifications/topics': Topic;
  'GET /api/account/notifications/devices': Rows<PushDevice>;
  'PUT /api/account/notifications/device': { id: number };
  'DELETE /api/account/notifications/device': { removed: number };
  'DELETE /api/account/notifications/devices/{id}': { id: number };
  'POST /api/account/notifications/test': { devices: number; mail: boolean };
}
