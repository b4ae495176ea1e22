/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before isolated code: what makes a module of a driver is left to its native copy.
 */
#ifndef _FGFT_SUSPECT_MODULE_H
#define _FGFT_SUSPECT_MODULE_H

#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#undef MODULE_ALIAS
#undef MODULE_SOFTDEP
#undef MODULE_LICENSE
#undef MODULE_AUTHOR
#undef MODULE_DESCRIPTION
#undef MODULE_DEVICE_TABLE
#undef MODULE_VERSION
#undef MODULE_FIRMWARE
#undef MODULE_IMPORT_NS
#undef MODULE_INFO
#undef MODULE_PARM_DESC
#define MODULE_ALIAS(...)
#define MODULE_SOFTDEP(...)
#define MODULE_LICENSE(...)
#define MODULE_AUTHOR(...)
#define MODULE_DESCRIPTION(...)
#define MODULE_DEVICE_TABLE(...)
#define MODULE_VERSION(...)
#define MODULE_FIRMWARE(...)
#define MODULE_IMPORT_NS(...)
#define MODULE_INFO(...)
#define MODULE_PARM_DESC(...)

#undef module_param
#undef module_param_unsafe
#undef module_param_named
#undef module_param_named_unsafe
#undef module_param_cb
#undef module_param_hw
#undef module_param_hw_array
#undef module_param_hw_named
#undef module_param_string
#undef module_param_array
#undef module_param_array_named
#undef core_param
#define module_param(...)
#define module_param_unsafe(...)
#define module_param_named(...)
#define module_param_named_unsafe(...)
#define module_param_cb(...)
#define module_param_hw(...)
#define module_param_hw_array(...)
#define module_param_hw_named(...)
#define module_param_string(...)
#define module_param_array(...)
#define module_param_array_named(...)
#define core_param(...)

#undef module_init
#undef module_exit
#undef early_initcall
#undef core_initcall
#undef postcore_initcall
#undef arch_initcall
#undef subsys_initcall
#undef fs_initcall
#undef device_initcall
#undef late_initcall
#undef __setup
#undef early_param
#define module_init(...)
#define module_exit(...)
#define early_initcall(...)
#define core_initcall(...)
#define postcore_initcall(...)
#define arch_initcall(...)
#define subsys_initcall(...)
#define fs_initcall(...)
#define device_initcall(...)
#define late_initcall(...)
#define __setup(...)
#define early_param(...)

#undef EXPORT_SYMBOL
#undef EXPORT_SYMBOL_GPL
#undef EXPORT_SYMBOL_NS
#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL(...)
#define EXPORT_SYMBOL_GPL(...)
#define EXPORT_SYMBOL_NS(...)
#define EXPORT_SYMBOL_NS_GPL(...)

#endif /* _FGFT_SUSPECT_MODULE_H */
