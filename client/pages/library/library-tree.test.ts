import { describe, expect, test } from '@jest/globals';
import type { Collection } from '../../../signaling/contract/index.ts';
import {
  dropPart,
  flat,
  pathTo,
  placeAfter,
  placeOfDrop,
  treeOf,
  withinIt,
} from './library-tree.ts';

const make = (id: string, parentId: string | null = null): Collection => ({
  ...{ id, parentId, title: id, description: '', visibility: 'private' },
  ...{ createdAt: '', updatedAt: '' },
});
const ALL = [make('a'), make('b'), make('b1', 'b'), make('b2', 'b'), make('b11', 'b1'), make('c')];
const get = (id: string) => ALL.find((one) => one.id === id) ?? make(id);

describe('collections inside of each other', () => {
  test('as a tree, in their order, with their depth', () => {
    const lines = flat(treeOf(ALL)).map(({ collection, depth }) => `${depth} ${collection.id}`);
    expect(lines).toEqual(['0 a', '0 b', '1 b1', '2 b11', '1 b2', '0 c']);
  });

  test('whose parent is not shown stands at the top', () => {
    expect(treeOf([make('x', 'hidden')]).map(({ collection }) => collection.id)).toEqual(['x']);
  });

  test('the way to one, and what is in it', () => {
    expect(pathTo(ALL, 'b11').map(({ id }) => id)).toEqual(['b', 'b1', 'b11']);
    expect([...withinIt(ALL, 'b')].toSorted()).toEqual(['b', 'b1', 'b11', 'b2']);
  });

  test.each([
    ['b', 'up', { parentId: null, before: 'a' }],
    ['b', 'down', { parentId: null, before: null }],
    ['a', 'down', { parentId: null, before: 'c' }],
    ['a', 'up', null],
    ['c', 'down', null],
    ['b2', 'up', { parentId: 'b', before: 'b1' }],
    ['b1', 'out', { parentId: null, before: 'c' }],
    ['b11', 'out', { parentId: 'b', before: 'b2' }],
    ['a', 'out', null],
  ] as const)('%s one step %s', (id, move, place) => {
    expect(placeAfter(ALL, id, move)).toEqual(place);
  });

  test.each([
    ['a', 'c', 'before', { parentId: null, before: 'c' }],
    ['a', 'c', 'behind', { parentId: null, before: null }],
    ['a', 'b', 'behind', { parentId: null, before: 'c' }],
    ['a', 'b1', 'inside', { parentId: 'b1', before: null }],
    ['b', 'b11', 'inside', null],
    ['a', 'a', 'before', null],
  ] as const)('%s dropped on %s: %s', (dragged, target, part, place) => {
    expect(placeOfDrop(ALL, dragged, get(target), part)).toEqual(place);
  });

  test('the middle of a line is inside', () => {
    expect([0.1, 0.5, 0.9].map(dropPart)).toEqual(['before', 'inside', 'behind']);
  });
});
