// A file is chosen and looked at; nothing changes until its plan has been seen and applied.
import { useRef, useState } from 'preact/hooks';
import { newKey, request } from '../app/api';
import { schoolYear } from '../app/days';
import type { RosterMapping } from '../app/gives/roster';
import { navigate } from '../app/router';
import { today } from '../app/store';
import { upload } from '../app/upload';
import { explainTo } from '../manage/explain';
import { Select, TellLast, useAct, type Told } from '../manage/parts';
import { MAX_BYTES, openFile, type RosterFile, sizeText } from './file';
import { lacks, MappingEditor, MappingSelect, type MappingChoice, newDraft, type Draft } from './mapping';
import { words } from './words';

function FileDrop({ file, busy, onFile }: { file?: RosterFile; busy: boolean; onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped) onFile(dropped);
  };
  return (
    <label
      class={`file-drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <b>{words().file}</b>
      <span class="sub">{words().fileHint}</span>
      <span class="button">{words().choose}</span>
      <input
        type="file"
        accept=".csv,.txt,.xlsx,.zip"
        disabled={busy}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) onFile(chosen);
          event.currentTarget.value = '';
        }}
      />
      {file && (
        <span class="file-chosen">
          {words().chosen(file.name, sizeText(file.size))} {words().formats[file.format]}{' '}
          {file.format === 'csv' && words().encoding[file.columns?.encoding.replaceAll('-', '_').replace('utf_8', 'utf8') ?? '']}
        </span>
      )}
    </label>
  );
}

function Progress({ part, onStop }: { part: number; onStop: () => void }) {
  const percent = Math.round(part * 100);
  return (
    <div class="upload-progress" role="status">
      <progress max={100} {...(part < 1 ? { value: percent } : {})} aria-label={words().upload} />
      <span class="digits">{part < 1 ? words().sending(percent) : words().working}</span>
      <button type="button" class="button" onClick={onStop}>
        {words().stop}
      </button>
    </div>
  );
}

interface Options {
  mode: 'bulk' | 'delta';
  year: number;
  choice: MappingChoice;
  draft: Draft;
}

function useImport(school_id: number | undefined, onSaved: () => void) {
  const [file, setFile] = useState<RosterFile>();
  const [options, setOptions] = useState<Options>({ mode: 'bulk', year: schoolYear(today.value), choice: 'own', draft: newDraft([]) });
  const [part, setPart] = useState<number>();
  const stop = useRef<AbortController | undefined>(undefined);
  const { busy, told, tell, act } = useAct((error) => explainTo(words().problem, error));

  const choose = (chosen: File) =>
    act(async (): Promise<Told | undefined> => {
      if (chosen.size > MAX_BYTES) return { tone: 'bad', text: words().tooLarge };
      setFile(undefined);
      const opened = await openFile(chosen);
      if (!opened) return { tone: 'bad', text: words().unreadable };
      setFile(opened);
      setOptions((now) => ({ ...now, draft: newDraft(opened.columns?.lines ?? []) }));
      const [wrong] = opened.columns?.problems ?? [];
      return wrong && { tone: 'warn', text: wrong.text };
    });
  const saveMapping = async (): Promise<number> => {
    const { name, byPlace, columns } = options.draft;
    const { school_year: school_year_column, ...rest } = columns;
    const fields = { ...rest, ...(school_year_column ? { school_year_column } : {}) };
    const body = { ...(school_id ? { school_id } : {}), name: name.trim() || file?.name.replace(/\.\w+$/, '').slice(0, 60) || '1', by_place: byPlace, ...fields };
    const { id } = await request('PUT /api/roster/mappings', { body });
    setOptions((now) => ({ ...now, choice: id }));
    onSaved();
    return id;
  };
  const send = () =>
    act(async (): Promise<Told | undefined> => {
      if (!file) return undefined;
      const csv = file.format !== 'oneroster';
      const { choice, draft, mode, year } = options;
      const missing = csv && choice === 'new' ? lacks(draft, school_id !== undefined) : '';
      if (missing) return { tone: 'bad', text: missing };
      const mapping = csv && choice === 'new' ? await saveMapping() : choice;
      const query = {
        ...(school_id ? { school_id } : {}),
        kind: csv ? 'csv' : 'oneroster',
        ...(csv && typeof mapping === 'number' ? { mapping_id: mapping } : {}),
        ...(csv ? { mode } : {}),
        school_year: year,
      };
      stop.current = new AbortController();
      setPart(0);
      try {
        const made = await upload('POST /api/roster/imports', {
          query,
          body: file.body,
          type: file.type,
          key: newKey(),
          onProgress: setPart,
          signal: stop.current.signal,
        });
        navigate(`${school_id ? `/school/${school_id}` : '/city'}/roster/${made.id}`);
        return undefined;
      } catch (error) {
        if (stop.current.signal.aborted) return { tone: 'info', text: words().stopped };
        throw error;
      } finally {
        setPart(undefined);
      }
    });
  const forget = (id: number) =>
    act(async (): Promise<Told> => {
      await request('DELETE /api/roster/mappings/{mapping_id}', { path: { mapping_id: id } });
      setOptions((now) => ({ ...now, choice: 'own' }));
      onSaved();
      return { tone: 'good', text: words().mappingDeleted };
    });
  return { file, options, setOptions, part, stop: () => stop.current?.abort(), busy, told, tell, choose, send, forget };
}

export function ChooseFile({ school_id, mappings, onMappings }: { school_id?: number; mappings: RosterMapping[]; onMappings: () => void }) {
  const { file, options, setOptions, part, stop, busy, told, choose, send, forget } = useImport(school_id, onMappings);
  const year = schoolYear(today.value);
  const change = (some: Partial<Options>) => setOptions({ ...options, ...some });
  const { choice } = options;
  return (
    <section class="panel" aria-labelledby="upload-title">
      <h2 id="upload-title">{words().upload}</h2>
      <p class="sub">{words().uploadLead}</p>
      <FileDrop file={file} busy={busy} onFile={(one) => void choose(one)} />
      {file && (
        <div class="tools">
          {file.format !== 'oneroster' && (
            <>
              <MappingSelect choice={choice} saved={mappings} onChange={(one) => change({ choice: one })} />
              {typeof choice === 'number' && (
                <button type="button" class="button quiet" disabled={busy} onClick={() => void forget(choice)}>
                  {words().mappingDelete}
                </button>
              )}
              <Select label={words().scope} value={options.mode} options={Object.entries(words().scopes)} onChange={(mode) => change({ mode: mode as Options['mode'] })} />
            </>
          )}
          <Select
            label={words().year}
            value={String(options.year)}
            options={[
              [String(year), words().thisYear(year)],
              [String(year + 1), words().nextYear(year + 1)],
            ]}
            onChange={(one) => change({ year: Number(one) })}
          />
        </div>
      )}
      {file && file.format !== 'oneroster' && choice === 'new' && (
        <MappingEditor draft={options.draft} lines={file.columns?.lines ?? []} onChange={(draft) => change({ draft })} />
      )}
      <TellLast told={told} />
      {part !== undefined && <Progress part={part} onStop={stop} />}
      {part === undefined && file && (
        <div class="row">
          <button type="button" class="button primary" disabled={busy} onClick={() => void send()}>
            {words().check}
          </button>
        </div>
      )}
    </section>
  );
}
