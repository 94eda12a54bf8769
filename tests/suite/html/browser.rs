//! A real browser without a window, driven through the DevTools protocol over two pipes: no port is
//! opened, and the browser ends with the test. Knows the protocol, not the page.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any step takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Programs that can be driven, in order of preference.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const ADVICE: &str = "no browser for the tests of the page: run `scripts/browser.sh`, install Debian's package \
                      `chromium`, or let LINDLEY_BROWSER name a Chromium or Chrome program";

fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("LINDLEY_BROWSER") {
        return named.into();
    }
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect()).unwrap_or_default();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|p| p.is_file()).expect(ADVICE)
}

/// A browser with one page.
pub struct Browser {
    process: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What the browser told unasked.
    pub events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts the browser.
    pub fn start() -> Browser {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        // The protocol speaks over descriptors 3 and 4, which the shell makes of the pipes.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(program())
            .args(["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
            .args([
                "--no-first-run",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
                "--disable-extensions",
            ])
            .args(["--force-color-profile=srgb", "--lang=en"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(ADVICE);
        let to = process.stdin.take().expect("it was piped");
        let mut out = BufReader::new(process.stdout.take().expect("it was piped"));
        let (send, from) = channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            while out.read_until(0, &mut bytes).is_ok_and(|n| n > 0) {
                bytes.pop();
                let Ok(message) = serde_json::from_slice(&bytes) else { break };
                if send.send(message).is_err() {
                    break;
                }
                bytes.clear();
            }
        });
        let mut browser = Browser { process, to, from, session: None, last: 0, events: Vec::new(), _profile: profile };
        browser.attach();
        browser
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = self.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        self.session = attached["sessionId"].as_str().map(String::from);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Asks for something and waits for the answer.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect(ADVICE);
        loop {
            let answer = self.hear(method);
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn hear(&mut self, waiting_for: &str) -> Value {
        self.from.recv_timeout(PATIENCE).unwrap_or_else(|e| panic!("no answer to {waiting_for}: {e}; {ADVICE}"))
    }

    /// Opens a page of the disk in a window of that size and waits until it has loaded.
    pub fn open(&mut self, page: &Path, width: u32, height: u32) {
        self.resize(width, height);
        self.events.clear();
        self.call("Page.navigate", json!({ "url": format!("file://{}", page.display()) }));
        while !self.events.iter().any(|e| e["method"] == "Page.loadEventFired") {
            let event = self.hear("the page");
            self.events.push(event);
        }
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// A number in the page.
    pub fn number(&mut self, expression: &str) -> f64 {
        let value = self.value(expression);
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// A text in the page.
    pub fn text(&mut self, expression: &str) -> String {
        let value = self.value(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_string()
    }

    /// Moves the mouse to a place of the window.
    pub fn mouse_to(&mut self, x: f64, y: f64) {
        self.call("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y }));
    }

    /// Clicks the middle of the element.
    pub fn click(&mut self, selector: &str) {
        let scroll =
            format!("document.querySelector({selector:?}).scrollIntoView({{ block: 'center', behavior: 'instant' }})");
        self.value(&scroll);
        let side = |a: &str, b: &str| {
            format!("(r => (r.{a} + r.{b}) / 2)(document.querySelector({selector:?}).getBoundingClientRect())")
        };
        let (x, y) = (self.number(&side("left", "right")), self.number(&side("top", "bottom")));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// Presses and releases a key that writes nothing.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let params = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Pretends that the reader prefers that colour scheme.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// The page as PDF.
    pub fn pdf(&mut self) -> Vec<u8> {
        let answer = self.call("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": true }));
        bytes(answer["data"].as_str().expect("the PDF is text"))
    }

    /// The whole page as PNG.
    pub fn picture(&mut self) -> Vec<u8> {
        let answer = self.call("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "format": "png" }));
        bytes(answer["data"].as_str().expect("the picture is text"))
    }

    /// What went wrong in the page: exceptions, errors on the console, dialogs.
    pub fn complaints(&self) -> Vec<&Value> {
        let bad = |e: &&Value| match e["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" | "Page.javascriptDialogOpening" => true,
            "Runtime.consoleAPICalled" => e["params"]["type"] == "error" || e["params"]["type"] == "warning",
            "Log.entryAdded" => e["params"]["entry"]["level"] == "error" || e["params"]["entry"]["level"] == "warning",
            _ => false,
        };
        self.events.iter().filter(bad).collect()
    }

    /// What the page asked for beside itself.
    pub fn requests(&self) -> Vec<&Value> {
        let asked = self.events.iter().filter(|e| e["method"] == "Network.requestWillBeSent");
        asked.filter(|e| e["params"]["type"] != "Document").collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Bytes from base 64.
fn bytes(text: &str) -> Vec<u8> {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut held, mut bits) = (Vec::with_capacity(text.len() * 3 / 4), 0u32, 0);
    for sign in text.bytes().filter(|b| *b != b'=') {
        let value = SIGNS.iter().position(|s| *s == sign).expect("a sign of base 64");
        held = (held << 6 | value as u32) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    out
}

#[test]
fn base_64_is_read() {
    assert_eq!(bytes("bGluZGxleQ=="), b"lindley");
    assert_eq!(bytes("AP8Q"), [0, 255, 16]);
}
