/** What resources, groups, steps and outcomes are called; the service's own names stay as they are on the wire. */
import type { CommitOutcome } from "../../bridge/types/CommitOutcome";
import type { Resource } from "../../bridge/types/Resource";
import type { ResourceGroup } from "../../bridge/types/ResourceGroup";
import type { StageKind } from "../../bridge/types/StageKind";
import type { Verb } from "../../bridge/types/Verb";
import { m } from "../../i18n";

/** The groups in their order on screen. */
export const groups: readonly ResourceGroup[] = ["telephone", "incoming", "service"];

export const groupWords: Record<ResourceGroup, () => string> = {
  telephone: m.records_group_telephone,
  incoming: m.records_group_incoming,
  service: m.records_group_service,
};

/** What a resource is in the language of the window, by its path. */
const translations: Record<string, () => string> = {
  ContainmentLine: m.records_name_lines,
  "SIP-ServerConnection": m.records_name_sip,
  ConnectedClient: m.records_name_clients,
  CustomerAddress: m.records_name_customers,
  "ReceivedCall-Record": m.records_name_calls,
  "IncomingCall-URL": m.records_name_urls,
  "IncomingCall-Command": m.records_name_commands,
  "Notification-LINE-AccessToken": m.records_name_line_tokens,
  "Notification-Email-Address": m.records_name_emails,
  "PhoneNumber-SearchSite": m.records_name_sites,
  "MessDef-Mail": m.records_name_text_mail,
  "MessDef-Line": m.records_name_text_line,
  "MessDef-Toast": m.records_name_text_toast,
  "Mail-Account": m.records_name_mail,
  "Online-Activation": m.records_name_activation,
  DataBackup: m.records_name_backup,
  UserManagement: m.records_name_users,
  "Output-CSV": m.records_name_csv,
  "Output-EXCEL": m.records_name_excel,
};

/** The translated name of a resource; its own where there is none. */
export const translated = (resource: Resource): string => translations[resource.path]?.() ?? resource.name;

/** The letters of the badges and what they stand for; reading is one letter. */
export const verbs: readonly { verb: Verb; letter: string; words: () => string }[] = [
  { verb: "list", letter: "G", words: m.records_verb_read },
  { verb: "create", letter: "P", words: m.records_verb_create },
  { verb: "update", letter: "U", words: m.records_verb_update },
  { verb: "delete", letter: "D", words: m.records_verb_delete },
];

export const kindWords: Record<StageKind, () => string> = {
  change: m.records_kind_change,
  add: m.records_kind_add,
  delete: m.records_kind_delete,
};

export const kindLook = { change: "accent", add: "ok", delete: "bad" } as const;

/** What became of a change that was to leave. */
export function outcomeWords(outcome: CommitOutcome): string {
  switch (outcome.type) {
    case "done":
      return m.records_outcome_done();
    case "conflict":
      return m.records_outcome_conflict();
    case "refused":
      return m.records_outcome_refused();
    case "unknown":
      return m.records_outcome_unknown();
    case "not_done":
      return m.records_outcome_not_done();
    default:
      return outcome satisfies never;
  }
}
