//! The README names every task, so that nobody has to search for one.

use std::fs;

fn read(path: &str) -> String {
    let path = tests::root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The tasks, from the names of the files that hold them.
fn tasks() -> Vec<String> {
    let folder = tests::root().join("xtask/src/tasks");
    let files = fs::read_dir(folder).expect("the tasks are there").flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect()
}

fn unnamed(readme: &str, tasks: &[String]) -> Vec<String> {
    let is_named =
        |task: &String| readme.contains(&format!("cargo xtask {task}")) || readme.contains(&format!("`{task}`"));
    tasks.iter().filter(|task| !is_named(task)).cloned().collect()
}

#[test]
fn the_readme_names_every_task() {
    let tasks = tasks();
    assert!(tasks.iter().any(|task| task == "demo") && tasks.len() >= 7, "{tasks:?}");
    assert_eq!(unnamed(&read("README.md"), &tasks), [""; 0]);
    assert_eq!(
        unnamed("`cargo xtask demo`", &["demo".to_owned(), "ci".to_owned()]),
        ["ci"],
        "the rule sees a missing task"
    );
}
