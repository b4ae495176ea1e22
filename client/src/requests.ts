/** The server's own messages, typed. The names are checked against the server's protocol file when this is compiled; nothing of it is loaded. */
import { NotificationType, RequestType } from 'vscode-languageclient';
import type * as protocol from '../../server/src/lsp/protocol';

export const entryPointsRequest = new RequestType<protocol.EntryPointsParams, protocol.EntryPointsResult, void>(
  'fgft/entryPoints' satisfies typeof protocol.entryPointsRequest,
);

export const reportRequest = new RequestType<protocol.DocumentParams, protocol.ReportResult | null, void>(
  'fgft/report' satisfies typeof protocol.reportRequest,
);

export const htmlReportRequest = new RequestType<protocol.DocumentParams, protocol.HtmlReportResult | null, void>(
  'fgft/htmlReport' satisfies typeof protocol.htmlReportRequest,
);

export const checkpointRequest = new RequestType<protocol.DocumentParams, protocol.CheckpointResult | null, void>(
  'fgft/checkpoint' satisfies typeof protocol.checkpointRequest,
);

export const doctorRequest = new RequestType<protocol.DocumentParams, protocol.DoctorResult, void>(
  'fgft/doctor' satisfies typeof protocol.doctorRequest,
);

export const memoryUsageRequest = new RequestType<object, protocol.MemoryUsageResult | null, void>(
  'fgft/memoryUsage' satisfies typeof protocol.memoryUsageRequest,
);

export const isolateRequest = new RequestType<protocol.IsolateParams, protocol.IsolationPreview | null, void>(
  'fgft/isolate' satisfies typeof protocol.isolateRequest,
);

export const applyIsolationRequest = new RequestType<protocol.ApplyIsolationParams, protocol.ApplyIsolationResult | null, void>(
  'fgft/applyIsolation' satisfies typeof protocol.applyIsolationRequest,
);

export const readLogRequest = new RequestType<protocol.ReadLogParams, protocol.ReadLogResult | null, void>(
  'fgft/readLog' satisfies typeof protocol.readLogRequest,
);

export const importFindingsRequest = new RequestType<protocol.ImportFindingsParams, protocol.ImportFindingsResult | null, void>(
  'fgft/importFindings' satisfies typeof protocol.importFindingsRequest,
);

export const markSuspectsRequest = new RequestType<protocol.MarkSuspectsParams, protocol.MarkSuspectsResult | null, void>(
  'fgft/markSuspects' satisfies typeof protocol.markSuspectsRequest,
);

export const statusNotification = new NotificationType<protocol.StatusParams>('fgft/status' satisfies typeof protocol.statusNotification);

export const inactiveRegionsNotification = new NotificationType<protocol.InactiveRegionsParams>(
  'fgft/inactiveRegions' satisfies typeof protocol.inactiveRegionsNotification,
);

export const explainRuleRequest = new RequestType<protocol.ExplainRuleParams, protocol.ExplainRuleResult | null, void>(
  'fgft/explainRule' satisfies typeof protocol.explainRuleRequest,
);
