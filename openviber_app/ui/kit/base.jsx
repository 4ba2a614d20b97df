// What the kit takes from Base UI, loaded when it is first needed: it is no part of the first page.
export { Combobox } from "@base-ui/react/combobox";
export { Menu } from "@base-ui/react/menu";
