"""What can be wrong with what admins ask for."""

from datetime import datetime

from bot.errors.base import UserError
from bot.locale import N_, Sentence


class NotAllowed(UserError):
    """`action` is what the member may not do, marked with N_."""

    message = N_("Only admins of this server may {action}. Ask one of them.")

    def __init__(self, action: str = N_("do that")) -> None:
        super().__init__(action=Sentence(action))
        self.action = action


class NotThisServer(UserError):
    message = N_(
        "The model is one for all servers, and this is not one of those that look after it."
        " The operator names them in config.toml."
    )


class TooManyWords(UserError):
    message = N_("This server blocks {limit} words already, and that is as many as I keep.")

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.limit = limit


class NoSuchCheckpoint(UserError):
    message = N_("There is no version {version} that can be live. See /model versions.")

    def __init__(self, version: str) -> None:
        super().__init__(version=version)
        self.version = version


class AlreadyLive(UserError):
    message = N_("Version {version} is live already. See /model versions for the others.")

    def __init__(self, version: str) -> None:
        super().__init__(version=version)
        self.version = version


class SameVersion(UserError):
    message = N_("Version {version} cannot be compared with itself. Name another one.")

    def __init__(self, version: str) -> None:
        super().__init__(version=version)
        self.version = version


class NothingBefore(UserError):
    message = N_("There is no version before the live one to go back to. See /model versions.")


class NoSuchRun(UserError):
    message = N_("Training run {run_id} is not running. See /training for the last one.")

    def __init__(self, run_id: int) -> None:
        super().__init__(run_id=run_id)
        self.run_id = run_id


class TrainingBusy(UserError):
    message = N_("A training run is under way. See /training, and wait for its end.")

    def __init__(self, run_id: int | None = None) -> None:
        super().__init__()
        self.run_id = run_id


class TrainingElsewhere(UserError):
    """`until` is when the other process must have asked for longer; None where nobody can say."""

    message = N_(
        "Training is the business of another process, {holder}. See /training for its runs."
    )
    lease = N_(
        "Another process trains now: {holder}, until {time} UTC or longer."
        " See /training, and wait for its end."
    )

    def __init__(self, holder: str, until: datetime | None) -> None:
        if until is None:
            super().__init__(holder=holder)
        else:
            super().__init__(self.lease, holder=holder, time=f"{until:%H:%M:%S}")
        self.holder = holder
        self.until = until


class OutdatedProcess(UserError):
    message = N_(
        "Another process has made {version} live meanwhile, and I still use the one before."
        " Training goes on when the operator has restarted me."
    )

    def __init__(self, version: str) -> None:
        super().__init__(version=version)
        self.version = version


class TrainingDisabled(UserError):
    message = N_("Training is turned off here. The operator can turn it on in config.toml.")


class TrialUnderWay(UserError):
    message = N_(
        "Version {version} is being tried out. Wait until the votes have decided on it, or decide"
        " yourself, with /model versions."
    )

    def __init__(self, version: str) -> None:
        super().__init__(version=version)
        self.version = version


class WentBack(UserError):
    message = N_(
        "All that the live version had learned was withdrawn, so {version} from before it is live"
        " again. There is nothing to train."
    )

    def __init__(self, version: str) -> None:
        super().__init__(version=version)
        self.version = version


class NotComparable(UserError):
    message = N_(
        "Versions that write beats are not compared like this: their cards say what each measures."
    )


class NothingToTrain(UserError):
    message = N_(
        "There are {num_lyrics} newly approved lyrics and a run needs {min_lyrics}."
        " Add some with /submit, and approve them with /submissions."
    )

    def __init__(self, num_lyrics: int, min_lyrics: int) -> None:
        super().__init__(num_lyrics=num_lyrics, min_lyrics=min_lyrics)
        self.num_lyrics = num_lyrics
        self.min_lyrics = min_lyrics


class NoBeatsToLearn(NothingToTrain):
    message = N_(
        "No beats were approved since the last run. Hand some in with /submit-beat, and approve"
        " them with /submissions."
    )
