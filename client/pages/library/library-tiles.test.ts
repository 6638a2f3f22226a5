import { expect, test } from '@jest/globals';
import { someOf, tilesOfVtt } from './library-tiles.ts';

const VTT = `WEBVTT

00:00:00.000 --> 00:00:02.500
preview-0.jpg#xywh=0,0,160,90

01:00:02.500 --> 01:00:05.000 line:0
preview-1.jpg#xywh=pixel:160,90,160,90
`;

test('tiles with their times and places', () => {
  expect(tilesOfVtt(VTT)).toEqual([
    { start: 0, end: 2.5, sheet: 'preview-0.jpg', x: 0, y: 0, width: 160, height: 90 },
    { start: 3602.5, end: 3605, sheet: 'preview-1.jpg', x: 160, y: 90, width: 160, height: 90 },
  ]);
});

test('with other line ends, and without hours', () => {
  const text = 'WEBVTT\r\n\r\n1\r\n00:01.000 --> 00:02.000\r\na.jpg#xywh=1,2,3,4\r\n';
  expect(tilesOfVtt(text)).toEqual([
    { start: 1, end: 2, sheet: 'a.jpg', x: 1, y: 2, width: 3, height: 4 },
  ]);
});

test.each([
  'WEBVTT',
  '00:01.000 --> 00:02.000\nwords',
  '00:01.000 --> 00:02.000\n../../elsewhere.jpg#xywh=0,0,1,1',
  '00:01.000 --> 00:02.000\nhttps://example.org/a.jpg#xywh=0,0,1,1',
  '00:01.000 --> 00:02.000\na.jpg#xywh=0,0,0,0',
])('what names no place on a sheet beside it is left out: %j', (text) => {
  expect(tilesOfVtt(text)).toEqual([]);
});

test('some of many, spread over all of them', () => {
  expect(someOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  expect(someOf([1, 2], 4)).toEqual([1, 2]);
});
