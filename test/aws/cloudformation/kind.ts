/** What a resource type can do in the double. */
import type { World } from '../service.js';
import type { Made } from './template.js';

export type Properties = Readonly<Record<string, unknown>>;
export type Tags = readonly { readonly Key: string; readonly Value: string }[];

/** Who asks, and for which stack. */
export interface Making {
  readonly world: World;
  readonly region: string;
  readonly accessKey: string;
  readonly tags: Tags;
}

export interface Kind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Properties of which a change would mean another resource. */
  readonly fixed: readonly string[];
  create(properties: Properties, making: Making): Promise<Made> | Made;
  update(id: string, properties: Properties, making: Making): Promise<Made> | Made;
  remove(id: string, making: Making): Promise<void> | void;
}
