/** What a media element tells as `buffered` and `seekable`, of something that is no media element. Seconds. */
export function timeRanges(ranges: readonly { start: number; end: number }[]): TimeRanges {
  const at = (index: number) => {
    const range = ranges[index];
    if (range === undefined) throw new DOMException('There is no such range.', 'IndexSizeError');
    return range;
  };
  return {
    length: ranges.length,
    start: (index) => at(index).start,
    end: (index) => at(index).end,
  };
}
