//! Hyperscan or Vectorscan, by the few functions that a search for literals needs.
#![allow(
    unsafe_code,
    reason = "a C library; the Rust bindings build their own copy of it or are no longer kept up"
)]

use std::{
    cell::Cell,
    ffi::{CStr, c_char, c_int, c_uint, c_ulonglong, c_void},
    ptr,
};

use tamis::contest::{Hit, Search};

#[repr(C)]
struct CompileError {
    message: *const c_char,
    expression: c_int,
}

type OnMatch = unsafe extern "C" fn(c_uint, c_ulonglong, c_ulonglong, c_uint, *mut c_void) -> c_int;

#[link(name = "hs")]
unsafe extern "C" {
    fn hs_compile_lit_multi(
        expressions: *const *const c_char,
        flags: *const c_uint,
        ids: *const c_uint,
        lengths: *const usize,
        elements: c_uint,
        mode: c_uint,
        platform: *const c_void,
        database: *mut *mut c_void,
        error: *mut *mut CompileError,
    ) -> c_int;
    fn hs_alloc_scratch(database: *const c_void, scratch: *mut *mut c_void) -> c_int;
    fn hs_scan(
        database: *const c_void,
        data: *const c_char,
        length: c_uint,
        flags: c_uint,
        scratch: *mut c_void,
        on_match: OnMatch,
        context: *mut c_void,
    ) -> c_int;
    fn hs_database_size(database: *const c_void, size: *mut usize) -> c_int;
    fn hs_free_database(database: *mut c_void) -> c_int;
    fn hs_free_scratch(scratch: *mut c_void) -> c_int;
    fn hs_free_compile_error(error: *mut CompileError) -> c_int;
}

const MODE_BLOCK: c_uint = 1;

struct Database {
    database: *mut c_void,
    scratch: *mut c_void,
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: both came from the library and are freed once.
        unsafe {
            hs_free_scratch(self.scratch);
            hs_free_database(self.database);
        }
    }
}

impl Database {
    /// Scans; `on_match` gets `context` as it is. Panics where the library reports an error.
    fn scan(&self, text: &str, on_match: OnMatch, context: *mut c_void) {
        let length = c_uint::try_from(text.len()).expect("a text below 4 GiB");
        // SAFETY: the database and its scratch live as long as `self`; the scratch is used by one thread, as `self` is not `Sync`;
        // `text` outlives the call, and `context` is what `on_match` expects.
        let status = unsafe {
            hs_scan(
                self.database,
                text.as_ptr().cast(),
                length,
                0,
                self.scratch,
                on_match,
                context,
            )
        };
        assert_eq!(status, 0, "hs_scan");
    }
}

unsafe extern "C" fn count(_: c_uint, _: c_ulonglong, _: c_ulonglong, _: c_uint, context: *mut c_void) -> c_int {
    // SAFETY: `context` is the counter that `Search::count` passes, alive during the scan.
    let counter = unsafe { &*context.cast::<Cell<u64>>() };
    counter.set(counter.get() + 1);
    0
}

/// The callback of one comparison, and the lengths by which an end becomes a start: literals have no start of match here.
struct Each<'a, 'h> {
    lengths: &'a [usize],
    hit: &'a mut Hit<'h>,
}

unsafe extern "C" fn each(id: c_uint, _: c_ulonglong, end: c_ulonglong, _: c_uint, context: *mut c_void) -> c_int {
    // SAFETY: `context` is the `Each` that `Search::each` passes, alive and not otherwise used during the scan.
    let each = unsafe { &mut *context.cast::<Each<'_, '_>>() };
    let (pattern, end) = (id as usize, usize::try_from(end).unwrap_or_default());
    (each.hit)(end - each.lengths[pattern], end, pattern);
    0
}

/// Compiles literals; all overlapping matches are reported, each once.
pub(crate) fn build(patterns: &[String]) -> Result<Search, String> {
    let lengths: Vec<usize> = patterns.iter().map(String::len).collect();
    let pointers: Vec<*const c_char> = patterns.iter().map(|p| p.as_ptr().cast()).collect();
    let flags = vec![0; patterns.len()];
    let elements = c_uint::try_from(patterns.len()).map_err(|e| e.to_string())?;
    let ids: Vec<c_uint> = (0..elements).collect();
    let (mut database, mut error) = (ptr::null_mut(), ptr::null_mut());
    let mut scratch = ptr::null_mut();
    let mut size = 0;
    // SAFETY: the four arrays have `elements` entries each and outlive the call; what comes back is checked before it is used.
    unsafe {
        let status = hs_compile_lit_multi(
            pointers.as_ptr(),
            flags.as_ptr(),
            ids.as_ptr(),
            lengths.as_ptr(),
            elements,
            MODE_BLOCK,
            ptr::null(),
            &raw mut database,
            &raw mut error,
        );
        if status != 0 {
            let message = if error.is_null() {
                format!("status {status}")
            } else {
                let message = CStr::from_ptr((*error).message).to_string_lossy().into_owned();
                hs_free_compile_error(error);
                message
            };
            return Err(message);
        }
        if hs_alloc_scratch(database, &raw mut scratch) != 0 || hs_database_size(database, &raw mut size) != 0 {
            return Err("no scratch".to_owned());
        }
    }
    let database = std::rc::Rc::new(Database { database, scratch });
    let counter = std::rc::Rc::clone(&database);
    Ok(Search {
        count: Box::new(move |text| {
            let matches = Cell::new(0_u64);
            counter.scan(text, count, ptr::from_ref(&matches).cast_mut().cast());
            matches.get()
        }),
        each: Box::new(move |text, hit| {
            let mut context = Each { lengths: &lengths, hit };
            database.scan(text, each, ptr::from_mut(&mut context).cast());
        }),
        heap_bytes: size,
    })
}
