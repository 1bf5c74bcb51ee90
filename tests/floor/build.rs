//! Lets Tauri make its context and its one permission.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["painted"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes).expect("tauri.conf.json can be used");
}
