import { describe, expect, test } from '@jest/globals';
import { climb, FIRST_STEP } from './climb.ts';

const layersOver = (losses: number[], top = 2) => {
  let state = FIRST_STEP;
  return losses.map((loss) => {
    state = climb(state, loss, top);
    return state.layer;
  });
};

describe('climb', () => {
  test.each([
    ['a clean link: up every two seconds, to the top', [0, 0, 0, 0, 0, 0], [0, 1, 1, 2, 2, 2]],
    ['a little loss: it stays', [0.05, 0.05, 0.05, 0.05], [0, 0, 0, 0]],
    ['a little loss starts the count again', [0, 0.05, 0, 0], [0, 0, 0, 1]],
    ['a full link: down at once', [0, 0, 0, 0, 0.3], [0, 1, 1, 2, 1]],
    ['never below the lowest', [0.5, 0.5], [0, 0]],
    ['after a fall it waits longer', [0, 0, 0.3, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 1]],
  ])('%s', (_name, losses, layers) => {
    expect(layersOver(losses)).toEqual(layers);
  });

  test('with one Layer there is nothing to climb', () => {
    expect(layersOver([0, 0, 0, 0], 0)).toEqual([0, 0, 0, 0]);
  });
});
