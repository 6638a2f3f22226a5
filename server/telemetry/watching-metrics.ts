import type { Logger } from 'pino';
import type { LayerReason, QualityReport } from '../../signaling/contract/index.ts';
import type { Metrics } from './metrics.ts';

/** What is counted of whoever watches, live or not. */
export function watchingMetrics(metrics: Metrics, log: Logger) {
  return {
    joined: () => metrics.joins.inc(),
    layerChanged: (reason: LayerReason) => metrics.layerChanges.inc({ reason }),
    qualityReported: (quality: QualityReport) => metrics.qualityReported(quality),
    ended: (quality: QualityReport) => {
      metrics.viewerEnded(quality);
      log.info({ quality }, 'a Viewer has gone');
    },
  };
}

/** What is counted of Sessions. */
export function sessionMetrics(metrics: Metrics, log: Logger) {
  const { layerChanged, qualityReported, ended: viewerEnded } = watchingMetrics(metrics, log);
  return {
    ...{ layerChanged, qualityReported, viewerEnded },
    opened: () => metrics.sessionsOpened.inc(),
    sought: (seconds: number) => metrics.sought(seconds),
    ended: (reason: string) => metrics.sessionsEnded.inc({ reason }),
  };
}
