/** What a result was made of, as it is written beside it. Pure. */
import type { CadenceVerdict } from './media.js';
import type { Profile } from './profile.js';
import type { Delivery, EpisodePlan, SeasonPlan } from './season.js';
import type { RecipeId } from './ids.js';

/** What a result depends on, beside its source. */
export interface Ingredients {
  readonly profile: Profile;
  readonly cadence: CadenceVerdict;
  readonly target: { readonly width: number; readonly height: number };
  /** Versions of programs, and SHA-256 of the model. */
  readonly tools: Readonly<Record<string, string>>;
}

/** One file of `<out>/.taaf/recipes`. */
export interface RecipeLock extends Ingredients {
  readonly version: 1;
  /** Path of the result inside the output folder. */
  readonly output: string;
  /** Follows from source and ingredients. */
  readonly recipe: RecipeId;
  /** SHA-256 of the source. */
  readonly source: string;
  /** SHA-256 of the profile's canonical JSON. */
  readonly profileSha256: string;
  /** The file as it was delivered: who changes it since makes it his own. */
  readonly result: Omit<Delivery, 'episode' | 'recipe' | 'output'>;
}

export const ingredientsOf = ({ tools }: Pick<SeasonPlan, 'tools'>, episode: EpisodePlan): Ingredients => ({
  profile: episode.profile,
  cadence: episode.cadence,
  target: episode.target,
  tools: toolsOf(tools, episode.profile),
});

/** Name of a model in a plan's versions. */
export const modelVersion = (model: string): string => `model ${model}`;

/** A plan has the models of all its profiles, but another episode's model is no reason to render this one again. */
function toolsOf(tools: SeasonPlan['tools'], { upscale }: Profile): SeasonPlan['tools'] {
  const own = 'model' in upscale ? modelVersion(upscale.model) : undefined;
  return Object.fromEntries(
    Object.entries(tools).filter(([name]) => !name.startsWith(modelVersion('')) || name === own),
  );
}
