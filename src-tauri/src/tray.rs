//! The icon beside the clock of the computer: it draws how the desk is, and brings the program back.

use model::desk::Go;
use model::glance::{Glance, Mark};
use shell::Words;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};

use crate::desk::Desk;
use crate::windows;

const OPEN: &str = "open";
const MISSED: &str = "missed";
const QUIT: &str = "quit";

/// Colours of what the icon wears, and of its rim and sign.
const CALLS: [u8; 4] = [0xd0, 0x2f, 0x2f, 0xff];
const TROUBLE: [u8; 4] = [0xf2, 0xa9, 0x00, 0xff];
const RIM: [u8; 4] = [0xff, 0xff, 0xff, 0xff];
const SIGN: [u8; 4] = [0x1d, 0x1d, 0x1d, 0xff];

/// The icon with its menu.
pub(crate) struct Tray {
    icon: TrayIcon,
    /// How the desk is, where an icon has no tooltip.
    sentence: Option<MenuItem<tauri::Wry>>,
    open: MenuItem<tauri::Wry>,
    missed: MenuItem<tauri::Wry>,
    quit: MenuItem<tauri::Wry>,
    picture: Image<'static>,
    mark: Mark,
}

/// Makes the icon. The desktop has to be able to show one.
pub(crate) fn make(app: &AppHandle, words: Words) -> tauri::Result<Tray> {
    let nothing = Glance::default();
    let item = |id: &str, text: String, is_on: bool| MenuItem::with_id(app, id, text, is_on, None::<&str>);
    let sentence = cfg!(target_os = "linux").then(|| item("sentence", words.glance(&nothing), false)).transpose()?;
    let (open, missed) = (item(OPEN, words.open(), true)?, item(MISSED, words.missed(0), true)?);
    let (quit, line) = (item(QUIT, words.quit(), true)?, PredefinedMenuItem::separator(app)?);
    let menu = Menu::new(app)?;
    if let Some(sentence) = &sentence {
        menu.append(sentence)?;
    }
    menu.append_items(&[&open, &missed, &line, &quit])?;
    let picture =
        app.default_window_icon().cloned().map_or_else(|| Image::new_owned(Vec::new(), 0, 0), Image::to_owned);
    let icon = TrayIconBuilder::with_id("desk")
        .icon(picture.clone())
        .tooltip(words.glance(&nothing))
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .on_tray_icon_event(|icon, event| {
            let is_click = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if is_click {
                windows::show(icon.app_handle());
            }
        })
        .build(app)?;
    Ok(Tray { icon, sentence, open, missed, quit, picture, mark: Mark::None })
}

fn chosen(app: &AppHandle, id: &str) {
    match id {
        OPEN => windows::show(app),
        MISSED => {
            app.state::<Desk>().go(Go::Missed);
            windows::show(app);
        }
        QUIT => app.exit(0),
        _ => {}
    }
}

impl Tray {
    /// Draws how the desk is.
    pub(crate) fn draw(&mut self, glance: &Glance, words: Words) -> tauri::Result<()> {
        let sentence = words.glance(glance);
        if self.mark != glance.mark() {
            self.icon.set_icon(Some(worn(&self.picture, glance.mark())))?;
            self.mark = glance.mark();
        }
        self.icon.set_tooltip(Some(&sentence))?;
        if let Some(item) = &self.sentence {
            item.set_text(sentence)?;
        }
        self.open.set_text(words.open())?;
        self.missed.set_text(words.missed(glance.missed))?;
        self.quit.set_text(words.quit())
    }
}

/// The picture with what it wears in its right lower corner: a dot, or a dot with a sign that calls for somebody.
fn worn(picture: &Image<'_>, mark: Mark) -> Image<'static> {
    let (width, height) = (picture.width(), picture.height());
    let mut pixels = picture.rgba().to_vec();
    let colour = match mark {
        Mark::None => return Image::new_owned(pixels, width, height),
        Mark::Calls => CALLS,
        Mark::Trouble => TROUBLE,
    };
    let (side, radius) = (f64::from(width), f64::from(width) * 0.27);
    let rim = side / 16.0;
    let middle = (side - radius - rim, f64::from(height) - radius - rim);
    let row = usize::try_from(width).unwrap_or(1).max(1);
    for (at, pixel) in pixels.chunks_exact_mut(4).enumerate() {
        let (x, y) = (as_length(at % row) + 0.5 - middle.0, as_length(at / row) + 0.5 - middle.1);
        let far = x.hypot(y);
        let is_sign = mark == Mark::Trouble
            && x.abs() <= radius * 0.18
            && (-0.65..=0.15).contains(&(y / radius)) | (0.35..=0.68).contains(&(y / radius));
        if far <= radius {
            pixel.copy_from_slice(if is_sign { &SIGN } else { &colour });
        } else if far <= radius + rim {
            pixel.copy_from_slice(&RIM);
        }
    }
    Image::new_owned(pixels, width, height)
}

fn as_length(pixels: usize) -> f64 {
    u32::try_from(pixels).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(image: &Image<'_>, colour: [u8; 4]) -> usize {
        image.rgba().chunks_exact(4).filter(|it| *it == colour).count()
    }

    #[test]
    fn what_the_icon_wears_is_told_by_its_shape_too_and_leaves_the_rest_as_it_is() {
        for side in [16, 32, 128] {
            let picture = Image::new_owned(vec![7; (side * side * 4) as usize], side, side);
            let [none, calls, trouble] = [Mark::None, Mark::Calls, Mark::Trouble].map(|it| worn(&picture, it));
            assert_eq!(none.rgba(), picture.rgba());
            assert_eq!(calls.rgba().len(), picture.rgba().len());
            assert!(counted(&calls, CALLS) > 0 && counted(&calls, SIGN) == 0, "{side}");
            assert!(counted(&trouble, TROUBLE) > 0 && counted(&trouble, SIGN) > 0, "{side}");
            let half = (side * side * 2) as usize;
            assert!(calls.rgba()[..half / 2 * 2].chunks_exact(4).take(half / 4 / 2).all(|it| it == [7; 4]), "{side}");
        }
    }

    #[test]
    fn a_picture_of_nothing_wears_nothing() {
        let nothing = Image::new_owned(Vec::new(), 0, 0);
        assert!(worn(&nothing, Mark::Trouble).rgba().is_empty());
    }
}
