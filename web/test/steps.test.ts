import { beforeEach, describe, expect, it } from 'vitest';
import * as join from '../src/join/answers';
import type { Invitation } from '../src/person/nouns';
import * as recover from '../src/recover/answers';

const invitation = { kind: 'link', room: true } as Invitation;
const names = { family_name: '試験', given_name: '花子', family_kana: 'シケン', given_kana: 'はなこ' };

describe('5(1)イ the steps of registration', () => {
  beforeEach(() => join.answers.forget());
  const at = (asked: string, signedIn = false) => join.reachable(asked, join.answers.now.value, signedIn);

  it('begins at the code, whatever address is opened', () => {
    for (const asked of ['code', 'child', 'mail', 'confirm', 'name', 'password', 'done', 'nonsense', 'toString']) expect(at(asked)).toBe('code');
  });

  it('goes as far as the answers lead, and back to any step before', () => {
    const { change } = join.answers;
    change({ code: '2345-6789-ABCN', invitation });
    expect(at('password')).toBe('child');
    change({ agreed: true });
    expect(at('password')).toBe('mail');
    change({ token: 't', by_mail: true, sent_to: 'a@example.jp' });
    expect(at('password')).toBe('confirm');
    change({ confirmed: true });
    expect(at('password')).toBe('name');
    change({ ...names, relation: 'mother' });
    for (const step of ['code', 'child', 'mail', 'confirm', 'name', 'password']) expect(at(step)).toBe(step);
    expect(at('done')).toBe('password');
  });

  it('asks for no digits where there is no address', () => {
    join.answers.change({ invitation, agreed: true, token: 't', by_mail: false });
    expect(at('password')).toBe('name');
    expect(at('confirm')).toBe('name');
  });

  it('has two steps for whoever is signed in', () => {
    join.answers.change({ invitation, agreed: true, token: 't', by_mail: true });
    for (const asked of ['mail', 'confirm', 'name', 'password']) expect(at(asked, true)).toBe('child');
  });

  it('has one step when it is done', () => {
    join.answers.change({ ...names, invitation, agreed: true, token: 't', relation: 'mother', done: { child: '試験 太郎' } });
    for (const asked of ['code', 'child', 'password']) expect(at(asked)).toBe('done');
  });

  it('keeps what the person said of herself when another code comes', () => {
    join.answers.change({ ...names, invitation, agreed: true, token: 't', by_mail: true, confirmed: true, email: 'a@example.jp' });
    join.answers.change(join.newCode('ZZZZ'));
    expect(at('password')).toBe('code');
    expect(join.answers.now.value).toMatchObject({ ...names, email: 'a@example.jp', code: 'ZZZZ', token: undefined, confirmed: false });
  });
});

describe('5(1)ウ the steps of recovery', () => {
  beforeEach(() => recover.answers.forget());
  const at = (asked: string) => recover.reachable(asked, recover.answers.now.value);

  it('goes by mail', () => {
    expect(at('password')).toBe('who');
    recover.answers.change({ token: 't', by_mail: true });
    expect(at('password')).toBe('who');
    expect(at('confirm')).toBe('confirm');
    recover.answers.change({ confirmed: true });
    expect(at('password')).toBe('password');
  });

  it('or by a code from the school', () => {
    expect(at('code')).toBe('code');
    recover.answers.change({ token: 't' });
    expect(at('password')).toBe('password');
    recover.answers.change({ done: true });
    expect(at('password')).toBe('done');
  });
});
