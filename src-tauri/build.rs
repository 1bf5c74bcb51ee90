//! Builds the desktop shell and lists its commands: what is not listed here, no window may call.

const COMMANDS: &[&str] = &[
    "app_info",
    "app_painted",
    "call_join",
    "call_lines",
    "call_note",
    "call_place",
    "call_separate",
    "call_show",
    "call_view_remove",
    "call_view_save",
    "call_views",
    "callers_unknown",
    "calls_beside",
    "calls_block",
    "calls_count",
    "calls_export",
    "calls_export_cancel",
    "calls_volume",
    "chat_room_forget",
    "chat_room_import",
    "chat_room_plan",
    "chat_room_save",
    "chat_rooms_list",
    "connection_add",
    "connection_forget_secret",
    "connection_remove",
    "connection_replace_secret",
    "connection_sign_in",
    "connection_sign_in_cancel",
    "connection_test",
    "connections_list",
    "customers_add",
    "customers_find",
    "deliveries_list",
    "demo_start",
    "demo_stop",
    "destinations_find",
    "draft_new",
    "events_subscribe",
    "export_folder",
    "export_reveal",
    "follow_up_message",
    "follow_up_restore",
    "follow_up_say",
    "follow_ups",
    "outbox_add",
    "people_list",
    "quick_call_create",
    "recording_save",
    "room_board",
    "room_board_read",
    "settings_get",
    "settings_set",
    "sync_now",
    "systems_list",
    "whereabouts",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}
