"""Who writes, on a user's settings and keys. What a provider needs is loaded only if it is among them."""

from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.config.writing import prompts_folder, writers
from shortsd.domain.errors import BadInput
from shortsd.kept import Kept
from shortsd.providers.writer.builtin import BuiltinWriter
from shortsd.providers.writer.chain import FirstOf, NamedWriter


def author(settings: Settings, secrets: Secrets, kept: Kept) -> NamedWriter:
    """The writers that are configured, in their order. Raises BadInput for one that cannot work as it is configured."""
    names = writers(settings, secrets)
    builtin = BuiltinWriter(settings.writer.words)
    made = [builtin if name == "builtin" else _chat(name, settings, secrets, kept) for name in names]
    return made[0] if len(made) == 1 else FirstOf(made)


def _chat(name: str, settings: Settings, secrets: Secrets, kept: Kept) -> NamedWriter:
    from shortsd.providers.writer.chat import ChatWriter  # noqa: PLC0415 - with httpx, which takes its time
    from shortsd.providers.writer.presets import PRESETS  # noqa: PLC0415 - as above
    from shortsd.providers.writer.prompts import Prompts  # noqa: PLC0415 - for who uses them only

    preset, wanted = PRESETS[name], settings.writer
    key = secrets.found[preset.secret].reveal() if preset.secret in secrets.found else ""
    model = wanted.model or preset.model
    if not key and not preset.keyless:
        raise BadInput(
            f"writer.provider names {name}, and there is no key for it.",
            f"Give one as SHORTSD_{preset.secret.upper()} or in secrets.toml, or name others in writer.provider.",
        )
    if not model:
        raise BadInput(f"writer.provider names {name}, which has no usual model.", "Name one in writer.model.")
    address = wanted.base_url if name == "custom" else str(getattr(settings.services, name))
    prompts = Prompts.read(prompts_folder(settings))
    service = kept.service("writer", name, address, key, make=lambda: preset.service(address, key))
    return ChatWriter(service, model, prompts, wanted.language, wanted.words, name)
