//! The tasks, one file each, named as on the command line.

pub(crate) mod bench;
pub(crate) mod bindings;
pub(crate) mod ci;
pub(crate) mod demo;
pub(crate) mod fuzz;
pub(crate) mod run;
pub(crate) mod test;
pub(crate) mod tour;
