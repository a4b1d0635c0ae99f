//! What is really allocated, counted by the allocator: no engine's own account is taken on trust.
#![allow(
    unsafe_code,
    reason = "a global allocator is unsafe by its trait; this one hands everything to the system's"
)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator with the arguments as they came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        if live > PEAK.load(Relaxed) {
            PEAK.store(live, Relaxed);
        }
        // SAFETY: the caller's promise for `layout`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise: allocated above with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `build` made, the bytes that it holds, and the most that lived meanwhile on top of what lived before.
pub(crate) fn held<T>(build: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let made = build();
    let (live, peak) = (LIVE.load(Relaxed), PEAK.load(Relaxed));
    (made, live.saturating_sub(before), peak.saturating_sub(before))
}
