/**
 * The one table of settings. The server validates what clients send against it, and the extension's `contributes.configuration`
 * is generated from it (`configurationProperties`), so that neither can know a setting that the other does not.
 */
import { DEFAULT_ISOLATE_FOLDER } from '../engine/isolationFolder';
import { ruleCatalogue } from '../report/ruleCatalogue';

export interface SettingDefinition {
  /** Full key, `fgft.` included. */
  key: string;
  type: 'string' | 'boolean' | 'number';
  default: string | boolean | number;
  /** Allowed values of a string setting, with what each means. */
  values?: { value: string; description: string }[];
  minimum?: number;
  maximum?: number;
  /** `resource`: may differ per folder. `window`: one value per window. `machine-overridable`: not taken from an untrusted folder. */
  scope: 'resource' | 'window' | 'machine-overridable';
  /** Title of the settings page's section. */
  section: 'Analysis' | 'Editor' | 'Isolation' | 'Rules' | 'Tracing';
  markdownDescription: string;
}

const severityValues = [
  { value: 'default', description: 'As the analysis grades it.' },
  { value: 'error', description: 'Always an error.' },
  { value: 'warning', description: 'Always a warning.' },
  { value: 'information', description: 'Always an information.' },
  { value: 'hint', description: 'Always a hint.' },
  { value: 'off', description: 'Not shown in the text. The status item says how many findings are hidden.' },
];

const general: SettingDefinition[] = [
  {
    key: 'fgft.kernelRoot',
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    section: 'Analysis',
    markdownDescription:
      'Folder of a kernel source tree or of installed kernel headers to read drivers against. Empty: the tree that the file lies in, ' +
      'else `/lib/modules/$(uname -r)/build`, else the newest `/usr/src/linux-headers-*`.',
  },
  {
    key: 'fgft.run',
    type: 'string',
    default: 'onType',
    values: [
      { value: 'onType', description: 'While typing.' },
      { value: 'onSave', description: 'When a file is opened or saved.' },
      { value: 'manual', description: 'Only by the command "Analyze".' },
    ],
    scope: 'resource',
    section: 'Analysis',
    markdownDescription: 'When to analyse.',
  },
  {
    key: 'fgft.cost.threshold',
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1e12,
    scope: 'resource',
    section: 'Analysis',
    markdownDescription:
      'Entry points whose estimated cost per isolated call exceeds this many nanoseconds get a warning (`cost/threshold`). 0: none does.',
  },
  {
    key: 'fgft.isolate.folder',
    type: 'string',
    default: DEFAULT_ISOLATE_FOLDER,
    scope: 'machine-overridable',
    section: 'Isolation',
    markdownDescription:
      'Where "Isolate" writes the generated module: a folder, relative to the one that holds the driver\'s first file. ' +
      `\`\${driver}\` stands for the module's name; without it each module gets a folder of its name below.`,
  },
  {
    key: 'fgft.lens.enable',
    type: 'boolean',
    default: true,
    scope: 'resource',
    section: 'Editor',
    markdownDescription: 'Show a lens above each entry point: fields, bytes each way, kernel calls and estimated cost per isolated call.',
  },
  {
    key: 'fgft.hover.maximumRows',
    type: 'number',
    default: 20,
    minimum: 1,
    maximum: 500,
    scope: 'resource',
    section: 'Editor',
    markdownDescription: 'How many fields the hover of an entry point lists before it refers to the report.',
  },
  {
    key: 'fgft.trace.server',
    type: 'string',
    default: 'off',
    values: [
      { value: 'off', description: 'No trace.' },
      { value: 'messages', description: 'Each message.' },
      { value: 'verbose', description: 'Each message with its content.' },
    ],
    scope: 'window',
    section: 'Tracing',
    markdownDescription: 'Write the messages between editor and server to the output channel.',
  },
];

/** Every setting, in the order in which the settings page shows them. */
export const settingDefinitions: SettingDefinition[] = [
  ...general,
  ...Object.entries(ruleCatalogue).map(([rule, { summary, severity }]): SettingDefinition => ({
    key: `fgft.rules.${rule}`,
    type: 'string',
    default: 'default',
    values: severityValues,
    scope: 'resource',
    section: 'Rules',
    markdownDescription: `${summary} How severe that is; by default ${severity === 'information' ? 'an' : 'mostly a'} ${severity}.`,
  })),
];

/** The `contributes.configuration` array of an extension manifest, one titled group per section. */
export function configurationProperties(): { title: string; properties: Record<string, Record<string, unknown>> }[] {
  const groups = new Map<string, Record<string, Record<string, unknown>>>();
  settingDefinitions.forEach((definition, order) => {
    const properties = groups.get(definition.section) ?? {};
    groups.set(definition.section, properties);
    properties[definition.key] = {
      type: definition.type,
      default: definition.default,
      scope: definition.scope,
      order,
      markdownDescription: definition.markdownDescription,
      ...(definition.values && {
        enum: definition.values.map((v) => v.value),
        enumDescriptions: definition.values.map((v) => v.description),
      }),
      ...(definition.minimum !== undefined && { minimum: definition.minimum }),
      ...(definition.maximum !== undefined && { maximum: definition.maximum }),
    };
  });
  return [...groups].map(([title, properties]) => ({ title: `FGFT: ${title}`, properties }));
}

/** Settings of one resource by full key; every key of the table is present. */
export type Settings = ReadonlyMap<string, string | boolean | number>;

function lookUp(section: unknown, key: string): unknown {
  if (typeof section !== 'object' || section === null) return undefined;
  const record = section as Record<string, unknown>;
  if (key in record) return record[key];
  // Clients nest at some of the dots only: { "rules": { "resync/poll": … } }, { "lens": { "enable": … } }.
  for (let dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
    const head = key.slice(0, dot);
    if (head in record) return lookUp(record[head], key.slice(dot + 1));
  }
  return undefined;
}

/**
 * Reads a client's `fgft` section (keys without the prefix, nested or dotted). A value of the wrong kind gives the default and
 * a problem for the log; unknown keys are left alone.
 */
export function readSettings(section: unknown): { settings: Settings; problems: string[] } {
  const settings = new Map<string, string | boolean | number>();
  const problems: string[] = [];
  for (const definition of settingDefinitions) {
    const value = lookUp(section, definition.key.slice('fgft.'.length));
    if (value === undefined || value === null) {
      settings.set(definition.key, definition.default);
    } else if (isValid(definition, value)) {
      settings.set(definition.key, value);
    } else {
      settings.set(definition.key, definition.default);
      problems.push(`setting ${definition.key}: ${JSON.stringify(value)} is not allowed, ${JSON.stringify(definition.default)} is used`);
    }
  }
  return { settings, problems };
}

function isValid(definition: SettingDefinition, value: unknown): value is string | boolean | number {
  if (typeof value !== definition.type) return false;
  if (typeof value === 'number') return value >= (definition.minimum ?? -Infinity) && value <= (definition.maximum ?? Infinity);
  return !definition.values || definition.values.some((v) => v.value === value);
}

/** The table's defaults. */
export const defaultSettings: Settings = readSettings(undefined).settings;
