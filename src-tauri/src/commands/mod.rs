//! The commands of the window, one file per feature. A command is one call into the console.

mod app;
mod calls;
mod chat_rooms;
mod connections;
mod customers;
mod exports;
mod messages;
mod people;
mod popup;
mod rooms;
mod worklist;

/// Makes every command known to the window.
#[expect(clippy::too_many_lines, reason = "a list, a line for each command")]
pub(crate) fn register(builder: tauri::Builder<tauri::Wry>) -> tauri::Builder<tauri::Wry> {
    builder.invoke_handler(tauri::generate_handler![
        app::app_info,
        app::app_painted,
        app::app_print,
        app::settings_get,
        app::settings_set,
        app::demo_start,
        app::demo_stop,
        app::events_subscribe,
        app::reach_subscribe,
        connections::systems_list,
        connections::connections_list,
        connections::connection_add,
        connections::connection_test,
        connections::connection_replace_secret,
        connections::connection_forget_secret,
        connections::connection_sign_in,
        connections::connection_sign_in_cancel,
        connections::connection_remove,
        connections::sync_now,
        calls::calls_block,
        calls::calls_count,
        calls::calls_volume,
        calls::call_place,
        calls::call_lines,
        calls::call_show,
        calls::call_note,
        calls::calls_beside,
        calls::call_join,
        calls::call_separate,
        calls::callers_unknown,
        calls::call_views,
        calls::call_view_save,
        calls::call_view_remove,
        exports::export_folder,
        exports::calls_export,
        exports::calls_export_cancel,
        exports::export_reveal,
        exports::recording_save,
        customers::customers_find,
        customers::customers_list,
        customers::customers_add,
        people::people_list,
        people::people_health,
        people::people_link,
        people::people_separate,
        people::people_put_back,
        people::people_put_aside,
        people::presences_read,
        rooms::room_board,
        rooms::room_board_read,
        rooms::booking_changes,
        rooms::handed_over,
        rooms::quick_call_create,
        chat_rooms::chat_rooms_list,
        chat_rooms::chat_room_import,
        chat_rooms::chat_room_read,
        chat_rooms::chat_room_plan,
        chat_rooms::chat_room_save,
        chat_rooms::chat_room_versions,
        chat_rooms::chat_room_choose_test,
        chat_rooms::chat_room_forget,
        messages::destinations_find,
        messages::draft_new,
        messages::outbox_add,
        messages::outbox_ask,
        messages::outbox_decide,
        messages::outbox_again,
        messages::deliveries_list,
        worklist::follow_ups,
        worklist::follow_up_say,
        worklist::follow_up_restore,
        worklist::follow_up_message,
        worklist::whereabouts,
        popup::call_notify,
        popup::popup_show,
        popup::popup_hide,
        popup::popup_enter,
        popup::popup_drag,
        popup::popup_leave,
        popup::main_go,
        popup::go_subscribe,
        popup::lookup_open,
    ])
}
