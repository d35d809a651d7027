-- Occupied days against what the places can hold, by unit, form and month.
-- Grain: one row per month, unit and form of housing with both figures.
-- Key: month, unit_code, housing_form
-- places are those of the month's last day: places that closed inside the month make a true excess look false, so it is asked, not stopped.
select
    housing.month,
    housing.unit_code,
    housing.housing_form,
    applied.file_name,
    housing.line,
    housing.places,
    housing.occupied_days,
    housing.places * month.days as capacity_days,
    housing.occupied_days - housing.places * month.days as excess_days
from staging.housing as housing
inner join build.closing_deliveries as applied
    on housing.delivery_id = applied.delivery_id
inner join build.month as month
    on housing.month = month.month
where
    month.is_to_date
    and housing.places is not null
    and housing.occupied_days is not null
