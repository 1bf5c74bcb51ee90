//! The rooms in a browser: 500 rooms × 31 days painted, and one day's step, beside plain boxes.

use serde_json::Value;

use super::{Figure, Target};
use crate::shell::{Outcome, Stop, npm, watch};

/// Runs the spec that measures, and reads the line that it prints.
pub(super) fn measure(figures: &mut Vec<Figure>) -> Outcome {
    let arguments = ["run", "test:browser", "--", "--reporter=line", "--workers=1", "ui/rooms-speed"];
    let (is_content, said) = watch(npm(&arguments).env("FRONTDESK_FIGURES", "1"))?;
    let told = figures_in(&said).filter(|_| is_content);
    let told = told.ok_or_else(|| Stop::new("the browser told no figures of the rooms"))?;
    let number = |key: &str| told[key].as_f64().unwrap_or(f64::NAN);
    for (name, key, most) in [("F8 500 rooms × 31 days painted", "paint", 150.0), ("F8 a day's step", "step", 50.0)] {
        let (value, floor) = (number(key), Some(number(&format!("{key}_floor"))));
        figures.push(Figure { name, value, floor, unit: "ms", target: Target::Most(most) });
    }
    Ok(())
}

fn figures_in(said: &str) -> Option<Value> {
    // A reporter may write its own words before it on the same line.
    let line = said.lines().find_map(|line| line.split_once("figures {").map(|(_, rest)| rest))?;
    let end = line.rfind('}')?;
    serde_json::from_str(&format!("{{{}", line.get(..=end)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_found_among_other_words() {
        let said = "Running 1 test\n[1/1] figures {\"paint\":12.5,\"step\":3} \nok";
        let told = figures_in(said).unwrap();
        assert_eq!((told["paint"].as_f64(), told["step"].as_f64()), (Some(12.5), Some(3.0)));
        assert_eq!(figures_in("nothing"), None);
    }
}
