//! The part of <praximous/plugin.h> that a skill needs, field by field. The offsets are in PluginAPI/abi.txt and checked
//! at the end. Unused fields of host tables stay here: they hold the place of those behind them.
#![allow(dead_code)]

use std::ffi::{c_char, c_void};

pub type Status = i32;
pub const OK: Status = 0;
pub const PENDING: Status = 1;
pub const E_INVALID: Status = -1;
pub const E_UNSUPPORTED: Status = -2;
pub const E_CANCELLED: Status = -5;
pub const E_INTERNAL: Status = -12;

pub const MAGIC: u32 = 0x3158_4150;
pub const F_CONCURRENT: u32 = 1 << 0;
pub const F_RELOADABLE: u32 = 1 << 1;

/// Text somebody else owns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    ptr: *const u8,
    len: usize,
}

impl Str {
    pub const ABSENT: Str = Str { ptr: std::ptr::null(), len: 0 };

    pub const fn new(text: &str) -> Str {
        Str { ptr: text.as_ptr(), len: text.len() }
    }

    /// # Safety
    /// The lifetime is the caller's promise: arguments of a call are valid until the call returns.
    pub unsafe fn as_str<'a>(self) -> &'a str {
        if self.ptr.is_null() {
            return "";
        }
        // The host sends UTF-8 only.
        unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.ptr, self.len)) }
    }
}

/// One request that the plugin is serving.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Call {
    pub id: u64,
}

pub type Notify = Option<unsafe extern "C" fn(ctx: *mut c_void)>;
pub type ErrorSink = unsafe extern "C" fn(ctx: *mut c_void, message: Str);

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub ctx: *mut c_void,
    pub name: Str,
    pub version: Str,
    pub get_extension: unsafe extern "C" fn(ctx: *mut c_void, id: *const c_char) -> *const c_void,
}

#[repr(C)]
pub struct HostCall {
    pub size: u32,
    pub deadline_ns: unsafe extern "C" fn(Call) -> u64,
    pub is_cancelled: unsafe extern "C" fn(Call) -> i32,
    pub on_cancel: unsafe extern "C" fn(Call, Notify, *mut c_void) -> Status,
    pub emit: unsafe extern "C" fn(Call, kind: Str, json: Str) -> Status,
    pub try_emit: unsafe extern "C" fn(Call, kind: Str, json: Str) -> Status,
    pub credit: unsafe extern "C" fn(Call) -> usize,
    pub on_credit: unsafe extern "C" fn(Call, Notify, *mut c_void) -> Status,
    pub finish: unsafe extern "C" fn(Call, result_json: Str) -> Status,
    pub fail: unsafe extern "C" fn(Call, Status, code: Str, message: Str, detail_json: Str, retry_ms: u32) -> Status,
    pub context: unsafe extern "C" fn(Call) -> Str,
}

#[repr(C)]
pub struct Skill {
    pub size: u32,
    pub describe: unsafe extern "C" fn(*mut c_void) -> Str,
    pub execute: unsafe extern "C" fn(*mut c_void, Call, operation: Str, params_json: Str) -> Status,
}

/// What is left out is None; `prax_provider` of provider.h says what each one is asked for.
#[repr(C)]
pub struct Provider {
    pub size: u32,
    pub models: unsafe extern "C" fn(*mut c_void, Call) -> Status,
    pub chat: unsafe extern "C" fn(*mut c_void, Call, request_json: Str) -> Status,
    pub embed: Option<unsafe extern "C" fn(*mut c_void, Call, model: Str, inputs: *const Str, count: usize) -> Status>,
    pub health: Option<unsafe extern "C" fn(*mut c_void, Call) -> Status>,
    pub count_tokens: Option<unsafe extern "C" fn(*mut c_void, model: Str, text: Str) -> i64>,
}

#[repr(C)]
pub struct Plugin {
    pub magic: u32,
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub min_host_minor: u32,
    pub flags: u32,
    pub id: Str,
    pub version: Str,
    pub build: Str,
    pub create: unsafe extern "C" fn(*const Host, ErrorSink, *mut c_void) -> *mut c_void,
    pub get_interface: unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
    pub reconfigure: Option<unsafe extern "C" fn(*mut c_void) -> Status>,
    pub quiesce: Option<unsafe extern "C" fn(*mut c_void, drain_ns: u64)>,
    pub destroy: unsafe extern "C" fn(*mut c_void),
}

/// The tables are constant data that any thread may read.
unsafe impl Sync for Plugin {}

const _: () = {
    use std::mem::{offset_of, size_of};
    assert!(size_of::<Str>() == 16);
    assert!(offset_of!(Host, get_extension) == 56 && size_of::<Host>() == 64);
    assert!(offset_of!(HostCall, finish) == 64 && size_of::<HostCall>() == 88);
    assert!(offset_of!(Skill, execute) == 16 && size_of::<Skill>() == 24);
    assert!(offset_of!(Plugin, id) == 24 && offset_of!(Plugin, create) == 72 && size_of::<Plugin>() == 112);
};
