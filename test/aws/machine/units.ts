/** As much of systemd as the first lines of a machine need: units that are enabled run at every boot, timers at their date. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Unit {
  readonly name: string;
  readonly exec: string | undefined;
  /** Milliseconds since 1970. */
  readonly calendar: number | undefined;
  readonly wantedBy: string | undefined;
}

/** @throws Error for a directive that the double does not know: a unit that is half understood would be a lie */
export function readUnit(name: string, text: string): Unit {
  const values = new Map<string, string>();
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#') || /^\[(Unit|Service|Timer|Install)\]$/.test(line)) continue;
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (!['Description', 'Type', 'ExecStart', 'OnCalendar', 'Persistent', 'WantedBy'].includes(key))
      throw new Error(`the double does not know "${line}" in ${name}`);
    values.set(key, value);
  }
  const [, date, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(values.get('OnCalendar') ?? '') ?? [];
  if (values.has('OnCalendar') && date === undefined)
    throw new Error(`the double does not know the date in ${name}: ${String(values.get('OnCalendar'))}`);
  if (values.has('ExecStart') && values.get('Type') !== 'oneshot')
    throw new Error(`${name}: the double knows oneshot only`);
  return {
    name,
    exec: values.get('ExecStart'),
    calendar: date === undefined ? undefined : Date.parse(`${date}T${String(time)}Z`),
    wantedBy: values.get('WantedBy'),
  };
}

export class Units {
  readonly #folder: string;
  readonly #enabled = new Set<string>();
  readonly #start: (unit: Unit) => void;

  /** @param start runs a service's command, or arms a timer */
  constructor(folder: string, start: (unit: Unit) => void) {
    this.#folder = folder;
    this.#start = start;
  }

  async load(name: string): Promise<Unit> {
    if (!(await readdir(this.#folder)).includes(name)) throw new Error(`Unit ${name} does not exist`);
    return readUnit(name, await readFile(join(this.#folder, name), 'utf8'));
  }

  async boot(): Promise<void> {
    for (const name of this.#enabled) this.#start(await this.load(name));
  }

  /** `systemctl daemon-reload | enable [--now] UNIT… | start UNIT… | disable UNIT…` */
  async control(argv: readonly string[]): Promise<void> {
    const [verb = '', ...words] = argv.filter((word) => word !== '--now');
    if (verb === 'daemon-reload') return;
    if (!['enable', 'start', 'disable'].includes(verb)) throw new Error(`the double does not know "${argv.join(' ')}"`);
    for (const name of words) {
      const unit = await this.load(name);
      if (verb === 'disable') this.#enabled.delete(name);
      if (verb === 'enable') {
        if (unit.wantedBy === undefined) throw new Error(`${name} has no [Install]`);
        this.#enabled.add(name);
      }
      if (verb === 'start' || (verb === 'enable' && argv.includes('--now'))) this.#start(unit);
    }
  }
}
