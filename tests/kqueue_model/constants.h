// The constants that are the same in each flavour of <sys/event.h>.
#pragma once

inline constexpr unsigned EV_ADD = 0x1;
inline constexpr unsigned EV_DELETE = 0x2;
inline constexpr unsigned EV_ENABLE = 0x4;
inline constexpr unsigned EV_DISABLE = 0x8;
inline constexpr unsigned EV_ONESHOT = 0x10;
inline constexpr unsigned EV_CLEAR = 0x20;
inline constexpr unsigned EV_RECEIPT = 0x40;
inline constexpr unsigned EV_DISPATCH = 0x80;
inline constexpr unsigned EV_ERROR = 0x4000;
inline constexpr unsigned EV_EOF = 0x8000;

inline constexpr unsigned NOTE_DELETE = 0x1;
inline constexpr unsigned NOTE_WRITE = 0x2;
inline constexpr unsigned NOTE_EXTEND = 0x4;
inline constexpr unsigned NOTE_ATTRIB = 0x8;
inline constexpr unsigned NOTE_LINK = 0x10;
inline constexpr unsigned NOTE_RENAME = 0x20;

inline constexpr unsigned NOTE_EXIT = 0x80000000;

// Of EVFILT_USER, where there is one.
inline constexpr unsigned NOTE_TRIGGER = 0x01000000;
inline constexpr unsigned NOTE_FFAND = 0x40000000;
inline constexpr unsigned NOTE_FFOR = 0x80000000;
inline constexpr unsigned NOTE_FFCOPY = 0xc0000000;
inline constexpr unsigned NOTE_FFCTRLMASK = 0xc0000000;
inline constexpr unsigned NOTE_FFLAGSMASK = 0x00ffffff;
