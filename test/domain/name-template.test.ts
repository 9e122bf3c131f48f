import { describe, expect, it } from 'vitest';
import { DEFAULT_NAME, filledTemplate, templateFault, type NameFacts } from '../../src/domain/name-template.js';

const facts: NameFacts = { show: 'Voyager', season: 1, episodes: [3], title: 'Parallax' };

describe('a template', () => {
  it.each([
    [DEFAULT_NAME, {}, 'Voyager - S01E03 - Parallax'],
    [DEFAULT_NAME, { title: '' }, 'Voyager - S01E03'],
    [DEFAULT_NAME, { episodes: [1, 2] }, 'Voyager - S01E01-E02 - Parallax'],
    [DEFAULT_NAME, { episodes: [1, 2, 3], season: 12 }, 'Voyager - S12E01-E03 - Parallax'],
    ['{season}x{episode:000}{ (title)} {show}', {}, '1x003 (Parallax) Voyager'],
    ['{season}x{episode:000}{ (title)} {show}', { title: '' }, '1x003 Voyager'],
    ['{episode}', { show: '{title}', episodes: [10] }, '10'],
    ['{show}.E{episode}', { show: '{title}' }, '{title}.E3'],
  ])('%s is filled', (template, other, name) => {
    expect(templateFault(template)).toBeUndefined();
    expect(filledTemplate(template, { ...facts, ...other })).toBe(name);
  });

  it.each([
    ['{show} {nummer} {episode}', '{nummer} is not known; known are {show}, {season}, {episode}, {title}'],
    ['{show}', 'must contain {episode}'],
    ['{show}/{episode}', 'must not contain /'],
    ['{show} {episode:1}', 'a brace is left over'],
    ['{episode} }', 'a brace is left over'],
  ])('%s is refused', (template, fault) => {
    expect(templateFault(template)).toContain(fault);
  });
});
