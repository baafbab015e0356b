import { describe, expect, it } from 'vitest';
import { merged } from '../src/manage/edited';

const began = { name: '1組', kind: 'regular', code: '' };

describe('a record that somebody else saved while it was edited', () => {
  it('keeps what was typed and follows in all else', () => {
    expect(merged({ ...began, name: 'わかば' }, began, { name: 'あおば', kind: 'support', code: 'C-7' })).toEqual({ name: 'わかば', kind: 'support', code: 'C-7' });
  });

  it('follows altogether where nothing was typed', () => {
    const stored = { name: 'あおば', kind: 'regular', code: '' };
    expect(merged(began, began, stored)).toEqual(stored);
  });

  it('keeps an emptied field empty', () => {
    expect(merged({ ...began, name: '' }, began, { ...began, code: 'C-7' })).toEqual({ name: '', kind: 'regular', code: 'C-7' });
  });
});
