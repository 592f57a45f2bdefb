//! A complete skill: {"name": "Ada"} gives {"greeting": "Hello, Ada!"}. No crates; `abi.rs` mirrors the C headers.

#[path = "../../rust/abi.rs"]
mod abi;

use abi::*;
use std::ffi::{c_char, c_void, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// What one instance knows. The host only ever sees a pointer to it.
struct Greeter {
    calls: &'static HostCall,
}

fn greeting(params: &str) -> Option<String> {
    // What stands between the quotes of one JSON string may stand between those of another: nothing to decode.
    let name = string_member(params, "name")?;
    Some(format!("{{\"greeting\":\"Hello, {name}!\"}}"))
}

/// What stands between the quotes of a string member at the top level of an object; names are compared as written. The
/// host sends valid JSON without duplicate keys; anything else gives None.
fn string_member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut strings = Vec::new();
    let (mut depth, mut at) = (0i32, 0);
    let bytes = object.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let end = end_of_string(bytes, at)?;
                if depth == 1 {
                    strings.push((object.get(at + 1..end)?, end + 1));
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    let position = strings.iter().position(|(text, end)| *text == name && is_key(bytes, *end))?;
    strings.get(position + 1).filter(|(_, end)| !is_key(bytes, *end)).map(|(text, _)| *text)
}

fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    while *bytes.get(at)? != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at)
}

fn is_key(bytes: &[u8], after: usize) -> bool {
    bytes[after..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

/// A panic must not cross the border: it would end the process, with everything else in it.
unsafe extern "C" fn execute(self_: *mut c_void, call: Call, _operation: Str, params: Str) -> Status {
    let body = || {
        let greeter = unsafe { &*self_.cast::<Greeter>() };
        match greeting(unsafe { params.as_str() }) {
            Some(text) => unsafe { (greeter.calls.finish)(call, Str::new(&text)) },
            None => unsafe {
                let message = Str::new("'name' must be a string.");
                (greeter.calls.fail)(call, E_INVALID, Str::new("bad_name"), message, Str::ABSENT, 0)
            },
        }
    };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(E_INTERNAL)
}

/// Absent: as skill.yaml says.
unsafe extern "C" fn describe(_self: *mut c_void) -> Str {
    Str::ABSENT
}

unsafe extern "C" fn create(host: *const Host, err: ErrorSink, err_ctx: *mut c_void) -> *mut c_void {
    let body = || unsafe {
        let host = &*host;
        let calls = (host.get_extension)(host.ctx, c"prax.host.call/1".as_ptr()).cast::<HostCall>();
        match calls.as_ref() {
            Some(calls) => Box::into_raw(Box::new(Greeter { calls })).cast(),
            None => {
                err(err_ctx, Str::new("the host does not offer prax.host.call/1"));
                std::ptr::null_mut()
            }
        }
    };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(std::ptr::null_mut())
}

unsafe extern "C" fn get_interface(_self: *mut c_void, id: *const c_char) -> *const c_void {
    match unsafe { CStr::from_ptr(id) } == c"prax.skill/1" {
        true => (&raw const SKILL).cast(),
        false => std::ptr::null(),
    }
}

unsafe extern "C" fn destroy(self_: *mut c_void) {
    drop(unsafe { Box::from_raw(self_.cast::<Greeter>()) });
}

static SKILL: Skill = Skill { size: size_of::<Skill>() as u32, describe, execute };

static PLUGIN: Plugin = Plugin {
    magic: MAGIC,
    size: size_of::<Plugin>() as u32,
    abi_major: 1,
    abi_minor: 0,
    min_host_minor: 0,
    flags: F_CONCURRENT | F_RELOADABLE,
    id: Str::new("example/greet-rust"),
    version: Str::new("1.0.0"),
    build: Str::new(""),
    create,
    get_interface,
    reconfigure: None,
    quiesce: None,
    destroy,
};

#[no_mangle]
pub extern "C" fn prax_plugin_entry(host_major: u32, _host_minor: u32) -> *const Plugin {
    match host_major {
        1 => &PLUGIN,
        _ => std::ptr::null(),
    }
}
