import { jsx } from "@emotion/react";
import {
  Archive, ArchiveRestore, ArrowLeft, ArrowUp, BookOpen, Check, ChevronDown, ChevronRight, ChevronUp, ChevronsUpDown,
  Clock, Copy, Download, Ellipsis, ExternalLink, File, Folder, GitBranch, GitFork, Info, Key, Keyboard, LayoutList,
  Link, Lock, LogOut, Map, MessageSquare, Monitor, Moon, Palette, PanelRight, Pause, Pencil, Pin, Play, Plus, RefreshCw,
  Search, Send, Server, Settings, Square, Star, Sun, Terminal, Trash2, TriangleAlert, Unlink, User, Users, WrapText, X,
} from "lucide-react";

const ICONS = {
  archive: Archive, restore: ArchiveRestore, back: ArrowLeft, "arrow-up": ArrowUp, book: BookOpen, check: Check,
  "chevron-down": ChevronDown, "chevron-right": ChevronRight, "chevron-up": ChevronUp, switcher: ChevronsUpDown,
  clock: Clock, copy: Copy, download: Download, more: Ellipsis, external: ExternalLink, file: File, folder: Folder,
  branch: GitBranch, fork: GitFork, info: Info, key: Key, keyboard: Keyboard, list: LayoutList, link: Link, lock: Lock,
  "sign-out": LogOut, map: Map, thread: MessageSquare, system: Monitor, dark: Moon, theme: Palette, panel: PanelRight,
  edit: Pencil, pause: Pause, pin: Pin, play: Play, plus: Plus, refresh: RefreshCw, search: Search, send: Send, node: Server,
  settings: Settings, stop: Square, star: Star, light: Sun, terminal: Terminal, trash: Trash2, warn: TriangleAlert,
  unlink: Unlink, user: User, users: Users, wrap: WrapText, x: X,
};

/** A small picture that words beside it, or the button's label, say again. */
export const Icon = ({ name, size = 14, className, filled }) =>
  ICONS[name]
    ? jsx(ICONS[name], {
        size,
        strokeWidth: 1.75,
        className: `flex-none ${className ?? ""}`,
        fill: filled ? "currentColor" : "none",
        "aria-hidden": true,
      })
    : null;
