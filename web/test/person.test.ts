import { describe, expect, it } from 'vitest';
import { bareCode, checkSymbol, codeState, formatCode, missingSymbols, strangeSymbols } from '../src/person/code';
import { isHiragana, tidyName, toHiragana } from '../src/person/kana';
import { looksLikeMail, tidyMail } from '../src/person/mail';
import { strengthOf } from '../src/person/password';

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const codes = ['2345-6789-ABCN', ...['ZZZZZZZZZZZ', '22222222222', 'QW3RTYPLKJH'].map((symbols) => symbols + checkSymbol(symbols))];

describe('5(1)イ a code from the letter', () => {
  it('has the check symbol that the server makes', () => {
    expect(checkSymbol('23456789ABC')).toBe('N');
  });

  it('is read in any case, width and grouping', () => {
    for (const typed of ['2345-6789-abcn', '２３４５ー６７８９－ＡＢＣＮ', ' 2345 6789 abcn ', '23456789ABCN', '2345‐6789–ABCN']) {
      expect(bareCode(typed)).toBe('23456789ABCN');
      expect(codeState(typed)).toBe('good');
    }
  });

  it('is shown as printed while it is typed', () => {
    expect(formatCode('23456')).toBe('2345-6');
    expect(formatCode('')).toBe('');
    expect(missingSymbols('2345-6')).toBe(7);
  });

  it('notices every single wrong symbol', () => {
    for (const code of codes.map(bareCode)) {
      for (let i = 0; i < code.length; i++) {
        for (const symbol of ALPHABET.replace(code[i] ?? '', '')) {
          expect(codeState(code.slice(0, i) + symbol + code.slice(i + 1))).toBe('mistyped');
        }
      }
    }
  });

  it('notices every two symbols that were exchanged', () => {
    const code = bareCode(codes.at(-1) ?? '');
    for (let i = 0; i < code.length; i++) {
      for (let j = i + 1; j < code.length; j++) {
        if (code[i] === code[j]) continue;
        const symbols = [...code];
        [symbols[i], symbols[j]] = [symbols[j] ?? '', symbols[i] ?? ''];
        expect(codeState(symbols.join(''))).toBe('mistyped');
      }
    }
  });

  it('names the symbols that no code has, and counts', () => {
    expect(codeState('2O45')).toBe('strange');
    expect(strangeSymbols('2o45-10あ')).toEqual(['O', '1', '0', 'あ']);
    expect(codeState('2345')).toBe('short');
    expect(codeState('2345-6789-ABCN-2')).toBe('long');
    expect(codeState(' - ')).toBe('empty');
  });
});

describe('5(1)イ names and readings', () => {
  it('keeps readings in hiragana, whatever keyboard they came from', () => {
    expect(toHiragana(' サトウ ')).toBe('さとう');
    expect(toHiragana('ｶﾞｲﾄ')).toBe('がいと');
    expect(toHiragana('グエン　ティ')).toBe('ぐえん てぃ');
    expect(toHiragana('ヴィクトリア')).toBe('ゔぃくとりあ');
    expect(toHiragana('すーじー')).toBe('すーじー');
  });

  it('knows a reading from a name', () => {
    for (const reading of ['さとう', 'てぃ ほあ', 'すーじー', 'ゔぃくとりあ']) expect(isHiragana(reading)).toBe(true);
    for (const other of ['佐藤', 'sato', '', 'さ藤', 'さとう1']) expect(isHiragana(other)).toBe(false);
  });

  it('leaves rare letters as they are', () => {
    expect(tidyName('　𠮷田 ')).toBe('𠮷田');
    expect(tidyName('Nguyễn  Thị')).toBe('Nguyễn Thị');
  });
});

describe('5(1)イ a mail address as typed', () => {
  it('comes in half width, small, without spaces', () => {
    expect(tidyMail(' Ｓａｔｏ@Example.JP ')).toBe('sato@example.jp');
  });

  it('is looked at before anything is sent', () => {
    for (const good of ['a@b.jp', 'sato..hanako.@docomo.ne.jp', "o'neil+1@example.co.jp"]) expect(looksLikeMail(good)).toBe(true);
    for (const bad of ['', 'sato', 'sato@', '@example.jp', 'sato@example', 'a@b@c.jp', 'さとう@example.jp', 'a@b.jp\nx']) expect(looksLikeMail(bad)).toBe(false);
  });
});

describe('5(1)ア how good a password is, in words', () => {
  it('asks for eight letters', () => {
    expect(strengthOf('1a2b3c4')).toBe('short');
    expect(strengthOf('𠮷𠮷𠮷𠮷')).toBe('short');
  });

  it('knows what a guesser tries first', () => {
    for (const weak of ['aaaaaaaaaaaa', '12345678', 'abcdefghijkl', '87654321', 'abababababab', 'knrt4827!!!!']) expect(strengthOf(weak, ['knrt4827'])).toBe('weak');
  });

  it('likes length', () => {
    expect(strengthOf('kx83mmq1')).toBe('weak');
    expect(strengthOf('kx83mmq1ws')).toBe('fair');
    expect(strengthOf('ねこが3びきいる ひるねする')).toBe('good');
  });
});
